package main

import "consentry/app/stage"

// addStage adds what the program's own scenes and stories say.
func (all entries) addStage() {
	told := func(text string) string {
		all.add(text)
		return text
	}
	for _, scene := range stage.Scenes() {
		scene.Told(told)
	}
	for _, story := range stage.Stories() {
		story.Told(told)
	}
}
