// Command browser draws the pictures of the README: the page of examples/explain
// in a headless Chromium, light and dark.
//
//	go run . -out ../../docs
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	out := flag.String("out", ".", "the folder for the pictures")
	flag.Parse()
	if err := draw(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pictures are what the README shows.
var pictures = map[string]Look{
	"explanation.png":      {Width: 900, Height: 1010, Scale: 1.5},
	"explanation-dark.png": {Width: 900, Height: 1010, Scale: 1.5, Dark: true},
}

// draw makes the pictures. It is run from its own folder.
func draw(out string) error {
	page, err := exec.Command("go", "run", "github.com/accountscore/accountscore/examples/explain", "-format", "html").Output()
	if err != nil {
		return fmt.Errorf("examples/explain: %w", err)
	}
	c, err := Start()
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for name, look := range pictures {
		shot, err := picture(ctx, c, string(page), look)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name), shot, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// picture draws a page, as small as PNG makes it.
func picture(ctx context.Context, c *Chromium, html string, look Look) ([]byte, error) {
	p, err := c.Open(ctx, html, look)
	if err != nil {
		return nil, err
	}
	defer p.Close(ctx)
	shot, err := p.Screenshot(ctx)
	if err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
