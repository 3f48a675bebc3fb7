package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestScreenshots takes the pictures of docs/screenshots anew: "make
// screenshots" runs it.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("CONSENTRY_SCREENSHOTS")
	if folder == "" {
		t.Skip("CONSENTRY_SCREENSHOTS names no folder; make screenshots does")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	a := &album{folder: folder, taken: map[string]bool{}, only: strings.Fields(os.Getenv("CONSENTRY_SCREENSHOTS_ONLY"))}
	t.Run("tours", func(t *testing.T) {
		for _, tour := range tours {
			tour.of(t, a.look)
		}
		if len(a.only) > 0 {
			return
		}
		for screen := range mainScreens {
			if !a.taken[screen] {
				t.Errorf("no tour came to the screen %q", screen)
			}
		}
	})
	if len(a.only) == 0 || slices.Contains(a.only, "presenting") {
		t.Run("presenting", func(t *testing.T) { pictureAShow(t, a) })
	}
}

// panelWide is how wide a presenter has the panel, beside the window they show.
const panelWide = 480

// pictureAShow takes the pictures of docs/presenting.md: a scene is set, a story shown, the bank let down from
// the panel, and real names are masked.
func pictureAShow(t *testing.T, a *album) {
	c := start(t)
	astrid := opens(c)
	astrid.visit("/settings")
	astrid.click("Scenes and stories")
	astrid.title("Stage")
	panel := astrid.clickNewTab("Begin the story “What goes wrong”")
	panel.see("Step 1 of ")
	a.take(panel, "panel", panelWide, light)
	astrid.visit(consentPage(c, "Rheintor Bank"))
	panel.see("Step 2 of ")
	astrid.click("Notify the bank again")
	panel.see("At Norrsken Bank, of which this step is.")
	panel.click("Let it happen: The bank is down")
	panel.see("Norrsken Bank answers 503 to everything")
	a.take(panel, "panel-down", panelWide, light)
	astrid.visit(consentPage(c, "Norrsken Bank"))
	astrid.click("Update now")
	panel.see("Step 4 of ")
	astrid.visit(consentPage(c, "Norrsken Bank"))
	a.take(astrid, "consent-bank-down", 1280, light)
	panel.click("End the story")
	panel.title("Stage")

	astrid.visit("/stage")
	astrid.click("Set the scene “Salary day”")
	astrid.see("The scene “Salary day” is set.")
	a.take(astrid, "stage", 1280, light)
	astrid.visit("/")
	a.take(astrid, "scene", 1280, light)
	salary := fmt.Sprint("/accounts/", c.statement("Lönekonto").ID)
	astrid.visit(salary)
	a.take(astrid, "show-account", 1280, light)
	astrid.visit("/settings")
	astrid.click("Begin presenter mode")
	astrid.see("Presenter mode.")
	astrid.visit("/")
	a.take(astrid, "scene-presented", 1280, light)
	astrid.visit(salary)
	a.take(astrid, "show-account-presented", 1280, light)
	astrid.endsPresenting()
}

// mainScreens are also pictured narrow, wide and dark.
var mainScreens = map[string]bool{
	"overview": true, "overview-empty": true, "banks": true, "bank": true, "payments": true, "pay": true, "payment-summary": true, "payment": true, "share": true, "link-go": true, "link-done": true,
	"consents": true, "consent": true, "accounts": true, "account": true, "transaction": true, "transactions-found": true, "settings": true, "bank-page-login": true,
}

// tallest is where long pages are cut off.
const tallest = 1500

// album is a folder of pictures with names that stay.
type album struct {
	folder string
	only   []string // how the names of those that are wanted begin; none: all are

	mu    sync.Mutex
	taken map[string]bool
}

func (a *album) look(p *person, screen string) {
	p.t.Helper()
	a.mu.Lock()
	a.taken[screen] = true
	a.mu.Unlock()
	if len(a.only) > 0 && !slices.ContainsFunc(a.only, func(begin string) bool { return strings.HasPrefix(screen, begin) }) {
		return
	}
	a.take(p, screen, 1280, light)
	if mainScreens[screen] {
		a.take(p, screen+"-dark", 1280, dark)
		a.take(p, screen+"-360", 360, light)
		a.take(p, screen+"-1920", 1920, light)
		p.looks(1280, light)
	}
}

func (a *album) take(p *person, name string, width int64, scheme string) {
	p.t.Helper()
	p.looks(width, scheme)
	p.until("have the pictures and letters of the page", func() error {
		ready, err := ask[bool](p, `(() => {
			scrollTo(0, 0);
			document.querySelectorAll('img[loading=lazy]').forEach(image => image.loading = 'eager');
			return document.fonts.status === 'loaded' && [...document.images].every(image => image.complete);
		})()`)
		if err == nil && !ready {
			err = errNotYet
		}
		return err
	})
	if err := p.front(); err != nil {
		p.fail("turn to the page", err)
	}
	height, err := ask[int64](p, "document.documentElement.scrollHeight")
	if err != nil {
		p.fail("measure the page", err)
	}
	p.sized(width, min(max(height, 800), tallest)) // a window that shows it all, so that what is at its foot stands there
	if _, err := ask[bool](p, "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))"); err != nil {
		p.fail("have the page drawn", err)
	}
	picture, err := p.picture()
	if err == nil {
		picture, err = smaller(picture)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(a.folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		p.fail("take the picture "+name, err)
	}
}

// smaller writes a picture with as few bytes as do: of its colours the 128 used
// most, which leaves the plain ones as they are and rounds some of the shades
// along the edges of letters.
func smaller(picture []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	few := image.NewPaletted(full.Bounds(), commonest(full))
	nearest := map[color.Color]uint8{}
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			shade := full.At(x, y)
			index, known := nearest[shade]
			if !known {
				index = uint8(few.Palette.Index(shade))
				nearest[shade] = index
			}
			few.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, few)
	return out.Bytes(), err
}

// commonest are the colours used most, at most 128.
func commonest(picture image.Image) color.Palette {
	uses := map[color.Color]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			uses[picture.At(x, y)]++
		}
	}
	palette := color.Palette(slices.Collect(maps.Keys(uses)))
	slices.SortFunc(palette, func(a, b color.Color) int {
		return cmp.Or(uses[b]-uses[a], strings.Compare(fmt.Sprint(a), fmt.Sprint(b))) // the same at each run
	})
	return palette[:min(len(palette), 128)]
}
