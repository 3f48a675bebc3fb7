package playback

// patience is how often an answer is repeated where the recording goes on with a deed that
// is not done here; then it goes on without.
const patience = 5

// choose returns the step that answers a request, or nil. It is called in turn.
func (s *Server) choose(a asked) *step {
	like := s.alike(a)
	switch {
	case len(like) == 0:
		return nil
	case a.safe():
		return s.next(like)
	}
	return s.deed(a, like)
}

// alike returns the steps that are most like a request, in the recorded order.
func (s *Server) alike(a asked) (like []*step) {
	most := 0
	for _, one := range s.steps {
		if !one.fits(a) {
			continue
		}
		score := one.likeness(a)
		if len(like) > 0 && score < most {
			continue
		}
		if score > most {
			like = nil
		}
		most = score
		like = append(like, one)
	}
	return like
}

// deed returns the answer to a request that does something: the first that was not given
// yet. A request that comes again under the same X-Request-ID is answered as before, unless
// it was repeated in the recording, too; a new consent or payment after the last one begins
// the flow from its start.
func (s *Server) deed(a asked, like []*step) *step {
	if before := s.sent[a.requestID]; before != nil && a.requestID != "" && before.fits(a) {
		for _, one := range like {
			if !one.played && one.requestID != "" && one.requestID == before.requestID {
				return s.played(a, one)
			}
		}
		return before
	}
	for _, one := range like {
		if !one.played {
			return s.played(a, one)
		}
	}
	last := like[len(like)-1]
	if a.creates() {
		s.again(last.FlowID)
		last = like[0]
	}
	return s.played(a, last)
}

func (s *Server) played(a asked, one *step) *step {
	one.played = true
	if reached, is := s.reached[one.FlowID]; !is || one.number > reached {
		s.reached[one.FlowID] = one.number
	}
	if a.requestID != "" && len(s.sent) < mostSent {
		s.sent[a.requestID] = one
	}
	return one
}

// mostSent bounds how many requests are remembered.
const mostSent = 10_000

// again begins a flow from its start.
func (s *Server) again(flow string) {
	for _, one := range s.steps {
		if one.FlowID == flow {
			one.played, one.repeated = false, 0
		}
	}
	delete(s.reached, flow)
	delete(s.open, flow)
}

// next returns the answer to a question: the first that was not given yet, of those up to
// the next deed of the flow; else the last of those that were.
func (s *Server) next(like []*step) *step {
	var last, later *step
	for _, one := range like {
		switch {
		case one.played:
			last = one
		case s.due(one) && (last == nil || !s.open[one.FlowID]):
			one.played = true
			return one
		case later == nil:
			later = one
		}
	}
	switch {
	case last == nil:
		later.played = true
		return later
	case later != nil && !s.open[later.FlowID]:
		if last.repeated++; last.repeated > patience {
			later.played = true
			return later
		}
	}
	return last
}

// due reports whether all deeds were done here that were recorded before a step, since the
// last one that was.
func (s *Server) due(one *step) bool {
	reached, begun := s.reached[one.FlowID]
	for _, each := range s.steps[:one.number] {
		if each.deed && each.FlowID == one.FlowID && !each.played && (!begun || each.number > reached) {
			return false
		}
	}
	return true
}

// early reports whether the answer to a question about an approval would tell what became
// of it while the bank's page still waits for the person.
func (s *Server) early(a asked) bool {
	if !a.tells() {
		return false
	}
	like := s.alike(a)
	return len(like) > 0 && s.open[like[0].FlowID] && !like[0].played && (len(like) == 1 || !s.due(like[0]))
}
