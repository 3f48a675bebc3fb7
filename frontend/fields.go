package frontend

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// fields makes the questions of a form, with what has to be corrected at each.
type fields struct{ Failure *app.Error }

func (f fields) field(ctx context.Context, name string, label, hint words.Text, value string) ui.Field {
	return ui.Field{
		Name: name, Label: words.T(ctx, label), Hint: words.T(ctx, hint), Value: value, Error: fieldWords(ctx, f.Failure, name),
		Attrs: templ.Attributes{"autocomplete": "off", "spellcheck": "false"},
	}
}

func (f fields) address(ctx context.Context, name string, label, hint words.Text, value string) ui.Field {
	field := f.field(ctx, name, label, hint, value)
	field.Type = "url"
	return field
}

func (f fields) number(ctx context.Context, name string, label, hint words.Text, value string) ui.Field {
	field := f.field(ctx, name, label, hint, value)
	field.Short, field.Attrs["inputmode"] = true, "numeric"
	return field
}

// hidden asks for what is never sent back to the page.
func (f fields) hidden(ctx context.Context, name string, label, hint words.Text) ui.Field {
	field := f.field(ctx, name, label, hint, "")
	field.Type, field.Attrs["autocomplete"] = "password", "new-password"
	return field
}

// marked reports whether one of some fields has to be corrected.
func (f fields) marked(names ...string) bool {
	return f.Failure != nil && slices.ContainsFunc(names, func(name string) bool { return f.Failure.Fields[name].Given() })
}

// wordedOption is a choice before it is said in a language.
type wordedOption struct {
	Value  string
	Label  words.Text
	Chosen bool
}

// offered reports whether a value is among the options.
func offered(options []wordedOption, value string) bool {
	return slices.ContainsFunc(options, func(option wordedOption) bool { return option.Value == value })
}

// chosenOf marks the option of a value.
func chosenOf(options []wordedOption, value string) []wordedOption {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

// said puts options into words.
func said(ctx context.Context, options []wordedOption) []ui.Option {
	all := make([]ui.Option, len(options))
	for i, option := range options {
		all[i] = ui.Option{Value: option.Value, Label: words.T(ctx, option.Label), Chosen: option.Chosen}
	}
	return all
}
