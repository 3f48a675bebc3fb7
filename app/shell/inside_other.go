//go:build desktop && !(linux && webkit2_41)

package shell

// keepInside does nothing: on this system Wails gives no hand on where the web view goes. There the window stays on the
// program's own pages because those link to nothing else: what leads to a bank asks the program, which calls OpenBrowser.
func keepInside(Options) {}
