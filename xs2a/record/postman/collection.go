// Package postman has the collection of Postman, version 2.1, and its
// environment: requests to be sent again by a person or by newman, with what
// changes from time to time as variables.
package postman

// Schema names the version of a collection.
const Schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// Collection is a whole file.
type Collection struct {
	Info     Info       `json:"info"`
	Item     []Item     `json:"item"`
	Event    []Event    `json:"event,omitempty"`
	Variable []Variable `json:"variable,omitempty"`
	Behavior *Behavior  `json:"protocolProfileBehavior,omitempty"`
}

// Behavior is how requests are sent.
type Behavior struct {
	FollowRedirects *bool `json:"followRedirects,omitempty"`
}

// Info says what a collection is.
type Info struct {
	PostmanID   string `json:"_postman_id,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Schema      string `json:"schema"`
}

// Item is a request or, with Item, a folder of them.
type Item struct {
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Item        []Item     `json:"item,omitempty"`
	Event       []Event    `json:"event,omitempty"`
	Request     *Request   `json:"request,omitempty"`
	Response    []Response `json:"response,omitempty"` // as it was recorded
}

// Event is a script that runs before a request ("prerequest") or after its answer ("test").
type Event struct {
	Listen string `json:"listen"`
	Script Script `json:"script"`
}

// Script is JavaScript, a line each.
type Script struct {
	Type string   `json:"type"`
	Exec []string `json:"exec"`
}

// Request is what is sent.
type Request struct {
	Method      string  `json:"method"`
	Header      []Field `json:"header"`
	Body        *Body   `json:"body,omitempty"`
	URL         URL     `json:"url"`
	Description string  `json:"description,omitempty"`
}

// Field is a header field, or a parameter of an address or form.
type Field struct {
	Key         string `json:"key"`
	Value       string `json:"value"`
	Disabled    bool   `json:"disabled,omitempty"`
	Description string `json:"description,omitempty"`
}

// Body is the body of a request: raw text, or a form.
type Body struct {
	Mode       string  `json:"mode"` // raw, urlencoded; others of others
	Raw        string  `json:"raw,omitempty"`
	URLEncoded []Field `json:"urlencoded,omitempty"`
}

// URL is an address, whole and in its parts. Postman sends what the parts say.
type URL struct {
	Raw   string   `json:"raw"`
	Host  []string `json:"host,omitempty"`
	Path  []string `json:"path,omitempty"`
	Query []Field  `json:"query,omitempty"`
}

// Response is an answer that was recorded with a request.
type Response struct {
	Name            string   `json:"name"`
	OriginalRequest *Request `json:"originalRequest,omitempty"`
	Status          string   `json:"status,omitempty"`
	Code            int      `json:"code,omitempty"`
	Header          []Field  `json:"header"`
	Body            string   `json:"body,omitempty"`
	ResponseTime    int64    `json:"responseTime,omitempty"` // in milliseconds
}

// Variable is one of a collection: it is set by scripts.
type Variable struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Type  string `json:"type,omitempty"`
}

// Environment is the file to fill in.
type Environment struct {
	ID     string  `json:"id,omitempty"`
	Name   string  `json:"name"`
	Values []Value `json:"values"`
	Scope  string  `json:"_postman_variable_scope"` // environment
}

// Value is a variable of an environment.
type Value struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Type    string `json:"type"` // default, or secret: not shown
	Enabled bool   `json:"enabled"`
}
