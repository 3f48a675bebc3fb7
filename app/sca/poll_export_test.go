package sca

import (
	"context"
	"time"
)

// LeaveAlone is what the bank of an authorisation that is polled is left alone for.
func (p *Process) LeaveAlone(ctx context.Context, pause time.Duration) time.Duration {
	return p.leaveAlone(ctx, pause, nil)
}
