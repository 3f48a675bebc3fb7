package ui

import "consentry/frontend/words"

func (p Pages) older() words.Text {
	if p.More != "" {
		return p.More
	}
	return "Older"
}
