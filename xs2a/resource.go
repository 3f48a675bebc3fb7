package xs2a

import "net/url"

// Resource is what a person authorises: a consent, a payment, or the
// cancellation of a payment. All are authorised in the same way
// (BG 1.3.12 section 7).
type Resource struct {
	ID      string // the bank's id
	service Service
	path    string // of the resource itself
	below   string // of its authorisations
}

// ConsentResource is a consent by the bank's id.
func ConsentResource(id string) Resource {
	return Resource{id, ConsentService, "/consents/" + url.PathEscape(id), "/authorisations"}
}

// PaymentResource is a payment by its service, product and the bank's id.
func PaymentResource(service PaymentService, product, id string) Resource {
	return Resource{id, PaymentInitiation, paymentPath(service, product) + "/" + url.PathEscape(id), "/authorisations"}
}

// Unmade is what a resource is before the bank has it: of its service alone.
func (r Resource) Unmade() Resource { return Resource{service: r.service} }

// Cancellation is the cancelling of a payment, which is authorised apart from
// the payment itself (BG 1.3.12 section 5.7).
func (r Resource) Cancellation() Resource {
	r.below = cancellations
	return r
}

const cancellations = "/cancellation-authorisations"

func (r Resource) authorisations() string { return r.path + r.below }

func (r Resource) authorisation(id string) string {
	return r.authorisations() + "/" + url.PathEscape(id)
}
