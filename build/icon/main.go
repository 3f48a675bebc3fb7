// Icon draws the program's icon in every form the systems ask for. Run it from the repository's root after a change:
//
//	go run ./build/icon
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"math"
	"os"
)

// The icon in a square of 24 units: a teal plate with a white check.
var (
	teal   = color.NRGBA{0x0b, 0x6a, 0x5f, 0xff}
	white  = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	check  = []point{{7, 12.5}, {10.4, 15.9}, {17, 9}}
	margin = 0.75
	corner = 6.5
	stroke = 2.4
)

type point struct{ x, y float64 }

func main() {
	files := map[string][]byte{
		"build/appicon.png":         encode(draw(1024)),
		"build/linux/consentry.svg": []byte(svg()),
		"build/windows/icon.ico":    ico(16, 24, 32, 48, 64, 256),
		"app/shell/icon.png":        encode(draw(256)),
	}
	for path, data := range files {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// draw paints the icon with size pixels a side. The edges are smooth because a pixel near one gets a share of both colours.
func draw(size int) image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	unit := 24 / float64(size)
	for y := range size {
		for x := range size {
			at := point{(float64(x) + 0.5) * unit, (float64(y) + 0.5) * unit}
			plate := share(plateDistance(at) / unit)
			mark := share((checkDistance(at) - stroke/2) / unit)
			colour := mix(teal, white, mark)
			colour.A = uint8(math.Round(255 * plate))
			picture.SetNRGBA(x, y, colour)
		}
	}
	return picture
}

// share is how much of a pixel is covered whose centre lies distance pixels outside an edge.
func share(distance float64) float64 { return min(1, max(0, 0.5-distance)) }

// plateDistance is how far a point lies outside the rounded square; negative inside.
func plateDistance(p point) float64 {
	half := 12 - margin - corner
	dx, dy := math.Abs(p.x-12)-half, math.Abs(p.y-12)-half
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - corner
}

// checkDistance is how far a point lies from the check's line.
func checkDistance(p point) float64 {
	nearest := math.Inf(1)
	for i := range len(check) - 1 {
		from, to := check[i], check[i+1]
		dx, dy := to.x-from.x, to.y-from.y
		along := ((p.x-from.x)*dx + (p.y-from.y)*dy) / (dx*dx + dy*dy)
		along = min(1, max(0, along))
		nearest = min(nearest, math.Hypot(p.x-from.x-along*dx, p.y-from.y-along*dy))
	}
	return nearest
}

func mix(from, to color.NRGBA, part float64) color.NRGBA {
	blend := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
	return color.NRGBA{blend(from.R, to.R), blend(from.G, to.G), blend(from.B, to.B), 0xff}
}

func encode(picture image.Image) []byte {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, picture); err != nil { // a buffer takes everything
		log.Fatal(err)
	}
	return out.Bytes()
}

// ico packs pictures of the given sizes, each as PNG, into one Windows icon.
func ico(sizes ...int) []byte {
	const header, entry = 6, 16
	var out, pictures bytes.Buffer
	write := func(values ...uint16) { binary.Write(&out, binary.LittleEndian, values) }
	write(0, 1, uint16(len(sizes)))
	for _, size := range sizes {
		picture := encode(draw(size))
		out.Write([]byte{byte(size), byte(size), 0, 0}) // 256 is written as 0
		write(1, 32)
		start := header + entry*len(sizes) + pictures.Len()
		binary.Write(&out, binary.LittleEndian, []uint32{uint32(len(picture)), uint32(start)})
		pictures.Write(picture)
	}
	out.Write(pictures.Bytes())
	return out.Bytes()
}

func svg() string {
	side := 24 - 2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
<rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="#%02x%02x%02x"/>
<path d="M%g %g L%g %g L%g %g" fill="none" stroke="#fff" stroke-width="%g" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`, margin, margin, side, side, corner, teal.R, teal.G, teal.B,
		check[0].x, check[0].y, check[1].x, check[1].y, check[2].x, check[2].y, stroke)
}
