//go:build desktop

package shell

import (
	"log/slog"

	"github.com/wailsapp/wails/v2/pkg/logger"
)

// wailsLog passes what Wails has to say on to the program's log.
type wailsLog struct{ to *slog.Logger }

var _ logger.Logger = wailsLog{}

func (l wailsLog) Print(message string)   { l.to.Info("window: " + message) }
func (l wailsLog) Trace(message string)   { l.to.Debug("window: " + message) }
func (l wailsLog) Debug(message string)   { l.to.Debug("window: " + message) }
func (l wailsLog) Info(message string)    { l.to.Info("window: " + message) }
func (l wailsLog) Warning(message string) { l.to.Warn("window: " + message) }
func (l wailsLog) Error(message string)   { l.to.Error("window: " + message) }
func (l wailsLog) Fatal(message string)   { l.to.Error("window: " + message) }
