// Package e2e holds the program against what a person does with it: its tests
// build it, start it as a process with a data folder of its own, and use it in
// a real Chromium, at the practice banks' own pages.
//
// A test reads like the person's story (person_test.go has the words). What is
// looked for on a screen is looked for as assistive technology finds it, by
// role and accessible name, so a button without a name cannot be clicked here
// either. The data file is read beside the screens, through package storage:
// what they show has to be in it.
package e2e
