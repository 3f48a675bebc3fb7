package main

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"testing"
	"time"

	scenes "consentry/app/stage"
)

// longestScene is how long a reset, and a scene, may take at the median.
const longestScene = time.Second

// BenchmarkStage measures a reset and each scene with eight banks linked before, as a presenter
// has them by a click: from the form to the page that says so. It fails when the median of one
// takes longer than longestScene.
func BenchmarkStage(b *testing.B) {
	first, _ := start(b, program(b), "serve", "-data", b.TempDir())
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	base := home(b, browser, first)
	names := []string{"reset"}
	for _, scene := range scenes.Scenes() {
		names = append(names, "scenes/"+scene.Name)
	}
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				b.StopTimer()
				upload(b, browser, base+"/stage/scene", eightBanks)
				b.StartTimer()
				began := time.Now()
				post(b, browser, base+"/stage/"+name)
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			middle := took[len(took)/2]
			b.ReportMetric(float64(middle.Milliseconds()), "median-ms")
			if middle > longestScene {
				b.Errorf("%s takes %s at the median of %d", name, middle, len(took))
			}
		})
	}
}

// eightBanks is a scene with all transactions of eight banks, some 12,000.
const eightBanks = `title: Eight banks
link Norrsken Bank as astrid
link Dalabanken as johan
link Rheintor Bank as lukas
link Elbufer Kreditbank as lukas
link Fjordbanken as ingrid
link Bøgeskov Sparekasse as mette
link Kuutamopankki as aino
link Shavi Zghva Bank as nino
`

// upload sends a file by the form that asks for one.
func upload(b testing.TB, browser *http.Client, address, file string) {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "scene.txt")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err := errors.Join(err, form.Close()); err != nil {
		b.Fatal(err)
	}
	answer, err := browser.Post(address, form.FormDataContentType(), &body)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status)
	}
}

// post sends an empty form, and wants the page it leads to.
func post(b *testing.B, browser *http.Client, address string) {
	b.Helper()
	answer, err := browser.Post(address, "application/x-www-form-urlencoded", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status)
	}
}

// TestLockedStageNamesNothing counts nothing for the window's title while nothing may be named, and goes on with it afterwards.
func TestLockedStageNamesNothing(t *testing.T) {
	var s stage
	if s.counted() != 0 {
		t.Error("something is counted before anything is known")
	}
	s.count(func() int { return 3 })
	for _, locked := range []bool{false, true, false} {
		s.locked.Store(locked)
		if got := s.counted(); got != 3 && !locked || got != 0 && locked {
			t.Errorf("locked %v: %d", locked, got)
		}
	}
	if s.count(nil); s.counted() != 0 {
		t.Error("something is counted of a profile that was left")
	}
}
