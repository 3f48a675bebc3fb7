package frontend

import (
	"slices"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
)

// fields makes the questions of a form, with what has to be corrected at each.
type fields struct{ Failure *app.Error }

func (f fields) field(name, label, hint, value string) ui.Field {
	field := ui.Field{Name: name, Label: label, Hint: hint, Value: value, Attrs: templ.Attributes{"autocomplete": "off", "spellcheck": "false"}}
	if f.Failure != nil {
		field.Error = f.Failure.Fields[name]
	}
	return field
}

func (f fields) address(name, label, hint, value string) ui.Field {
	field := f.field(name, label, hint, value)
	field.Type = "url"
	return field
}

// hidden asks for what is never sent back to the page.
func (f fields) hidden(name, label, hint string) ui.Field {
	field := f.field(name, label, hint, "")
	field.Type, field.Attrs["autocomplete"] = "password", "new-password"
	return field
}

// marked reports whether one of some fields has to be corrected.
func (f fields) marked(names ...string) bool {
	return f.Failure != nil && slices.ContainsFunc(names, func(name string) bool { return f.Failure.Fields[name] != "" })
}

// offers reports whether a value is among the options.
func offers(options []ui.Option, value string) bool {
	return slices.ContainsFunc(options, func(option ui.Option) bool { return option.Value == value })
}

// chosen marks the option of a value.
func chosen(options []ui.Option, value string) []ui.Option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}
