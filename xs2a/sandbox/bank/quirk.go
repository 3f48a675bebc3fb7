package bank

import (
	"encoding/json"
	"net/http"
	"strings"
)

// What real banks send and the definition does not say. Each quirk is one line of
// that list; the quirky banks among BerlinBanks combine them.

// Exchange is a request to a bank and the answer that goes out, but for its body.
type Exchange struct {
	Request *http.Request
	Address string // what absolute links start with
	Bank    *Bank
	Status  int
	Header  http.Header
}

// Quirk is one way in which a bank's answers depart from the definition. It gets
// the body as decoded JSON and returns what goes out instead.
type Quirk func(x *Exchange, body any) any

// rewrite changes values by the name of their field, from the leaves up. Elements
// of a list have the list's name.
func rewrite(name string, v any, change func(name string, v any) any) any {
	switch value := v.(type) {
	case map[string]any:
		for field, inner := range value {
			value[field] = rewrite(field, inner, change)
		}
	case []any:
		for i, inner := range value {
			value[i] = rewrite(name, inner, change)
		}
	}
	return change(name, v)
}

// everywhere is a quirk that changes values by the name of their field.
func everywhere(change func(name string, v any) any) Quirk {
	return func(_ *Exchange, body any) any { return rewrite("", body, change) }
}

// renamed returns a field another name, wherever it stands.
func renamed(from, to string) Quirk {
	return everywhere(func(_ string, v any) any {
		if object, is := v.(map[string]any); is {
			if value, there := object[from]; there {
				delete(object, from)
				object[to] = value
			}
		}
		return v
	})
}

// restored returns a field back its name inside an object where it is a link's.
func restored(inside, from, to string) Quirk {
	return everywhere(func(name string, v any) any {
		if object, is := v.(map[string]any); is && name == inside && object[from] != nil {
			object[to] = object[from]
			delete(object, from)
		}
		return v
	})
}

// unwrapped sends what an envelope holds, where it holds nothing else.
func unwrapped(envelope string) Quirk {
	return func(_ *Exchange, body any) any {
		if object, is := body.(map[string]any); is && len(object) == 1 {
			if inner, there := object[envelope]; there {
				return inner
			}
		}
		return body
	}
}

// textFlags sends flags and counts as text.
var textFlags = everywhere(func(name string, v any) any {
	switch value := v.(type) {
	case bool:
		if name == "recurringIndicator" && value {
			return "true"
		} else if name == "recurringIndicator" {
			return "false"
		}
	case json.Number:
		if name == "frequencyPerDay" {
			return value.String()
		}
	}
	return v
})

// mixedAmounts sends amounts now as a number, now with fewer decimals, now with a
// blank behind.
var mixedAmounts = everywhere(func(name string, v any) any {
	text, is := v.(string)
	if name != "amount" || !is || text == "" {
		return v
	}
	short := strings.TrimSuffix(strings.TrimSuffix(text, "0"), ".0")
	switch len(text) % 4 {
	case 0:
		return json.Number(text)
	case 1:
		return short
	case 2:
		return text + " "
	}
	return text
})

// bareLinks sends links as strings.
var bareLinks = everywhere(func(_ string, v any) any {
	if object, is := v.(map[string]any); is && len(object) == 1 {
		if href, there := object["href"]; there {
			return href
		}
	}
	return v
})

// shortLinks sends links without host and version.
func shortLinks(x *Exchange, body any) any {
	return rewrite("", body, func(name string, v any) any {
		href, is := v.(string)
		if name != "href" || !is || strings.Contains(href, "/bank/") {
			return v
		}
		return strings.TrimPrefix(strings.TrimPrefix(href, x.Address), x.Bank.Prefix())
	})
}

// explicitNulls sends null for what is absent.
var explicitNulls = everywhere(func(_ string, v any) any {
	object, is := v.(map[string]any)
	if !is {
		return v
	}
	absent := []string{}
	switch {
	case object["transactionAmount"] != nil:
		absent = []string{"transactionId", "entryReference", "endToEndId", "mandateId", "creditorName", "creditorAccount", "debtorName", "debtorAccount", "currencyExchange", "remittanceInformationStructured", "purposeCode"}
	case object["consentStatus"] != nil || object["scaStatus"] != nil:
		absent = []string{"psuMessage", "scaMethods", "chosenScaMethod", "challengeData", "tppMessages"}
	case object["resourceId"] != nil:
		absent = []string{"bban", "msisdn", "product", "linkedAccounts", "balances"}
	}
	for _, name := range absent {
		if _, there := object[name]; !there {
			object[name] = nil
		}
	}
	return v
})

// timedDates sends dates with a time, with or without a zone, and times without one.
var timedDates = everywhere(func(name string, v any) any {
	text, is := v.(string)
	switch {
	case !is || text == "":
		return v
	case name == "bookingDate":
		return text + "T00:00:00"
	case name == "valueDate" || name == "referenceDate":
		return text + "T00:00:00.000+01:00"
	case name == "lastChangeDateTime" && len(text) > 19:
		return text[:19]
	}
	return v
})

// poorIDs gives entries a blank for an id, and every third one the same.
var poorIDs = everywhere(func(name string, v any) any {
	object, is := v.(map[string]any)
	if !is || object["transactionAmount"] == nil {
		return v
	}
	reference, _ := object["entryReference"].(string)
	switch len(reference) > 0 && reference[len(reference)-1]%3 == 0 {
	case true:
		object["transactionId"] = "NOTPROVIDED"
	default:
		object["transactionId"] = " "
	}
	delete(object, "_links")
	return v
})

// unsignedAmounts leaves the sign away; who got and who gave says the direction.
var unsignedAmounts = everywhere(func(name string, v any) any {
	object, is := v.(map[string]any)
	if is && name == "transactionAmount" {
		if text, is := object["amount"].(string); is {
			object["amount"] = strings.TrimPrefix(text, "-")
		}
	}
	return v
})

// oddRemittance sends the reference as an object, and the text as a list in pieces.
var oddRemittance = everywhere(func(name string, v any) any {
	object, is := v.(map[string]any)
	if !is || object["transactionAmount"] == nil {
		return v
	}
	if text, is := object["remittanceInformationUnstructured"].(string); is {
		delete(object, "remittanceInformationUnstructured")
		object["remittanceInformationUnstructuredArray"] = []any{text, strings.Repeat(text+" ", 12)}
	}
	if reference, is := object["remittanceInformationStructured"].(string); is {
		object["remittanceInformationStructured"] = map[string]any{"reference": reference, "referenceType": "SCOR"}
	}
	return v
})

// oddBalances leaves out a type, and invents another.
var oddBalances = everywhere(func(name string, v any) any {
	object, is := v.(map[string]any)
	if !is || object["balanceAmount"] == nil {
		return v
	}
	if object["balanceType"] == "closingBooked" {
		delete(object, "balanceType")
	} else {
		object["balanceType"] = "authorised"
	}
	return v
})

// twoCurrencies adds to each balance one of the same type in another currency, as
// banks do that keep several under one account.
var twoCurrencies = everywhere(func(name string, v any) any {
	list, is := v.([]any)
	if !is || name != "balances" {
		return v
	}
	for _, one := range list {
		if object, is := one.(map[string]any); is && object["balanceType"] != nil {
			list = append(list, map[string]any{"balanceType": object["balanceType"], "balanceAmount": map[string]any{"currency": "USD", "amount": "70.00"}})
		}
	}
	return list
})

// acceptedDelete answers 202 where a consent was ended.
func acceptedDelete(x *Exchange, body any) any {
	if x.Request.Method == http.MethodDelete && x.Status == http.StatusNoContent {
		x.Status = http.StatusAccepted
	}
	return body
}

// oddAccounts hides the number, invents a status and has no one currency.
var oddAccounts = everywhere(func(name string, v any) any {
	object, is := v.(map[string]any)
	if !is || object["resourceId"] == nil {
		return v
	}
	object["status"] = "dormant"
	switch object["cashAccountType"] {
	case "CARD":
		object["iban"] = "525412xxxxxx" + object["resourceId"].(string)[:4]
	case "SVGS":
		object["currency"] = "XXX"
	}
	return v
})

// nextBeside puts the link to the next page beside the list instead of inside.
func nextBeside(_ *Exchange, body any) any {
	object, _ := body.(map[string]any)
	report, _ := object["transactions"].(map[string]any)
	links, _ := report["_links"].(map[string]any)
	if next, there := links["next"]; there {
		delete(links, "next")
		object["_links"] = map[string]any{"next": next}
	}
	return body
}

// nextToItself ends a list with a page whose next page is itself.
func nextToItself(x *Exchange, body any) any {
	object, _ := body.(map[string]any)
	report, _ := object["transactions"].(map[string]any)
	if links, is := report["_links"].(map[string]any); is && links["next"] == nil {
		links["next"] = map[string]any{"href": x.Address + x.Request.URL.RequestURI()}
	}
	return body
}

// jump answers 302 with a Location where others give a link.
func jump(x *Exchange, body any) any {
	object, _ := body.(map[string]any)
	links, _ := object["_links"].(map[string]any)
	page, _ := links["scaRedirect"].(map[string]any)
	if to, is := page["href"].(string); is && x.Status == http.StatusCreated {
		delete(links, "scaRedirect")
		x.Status, x.Header = http.StatusFound, x.Header.Clone()
		x.Header.Set("Location", to)
	}
	return body
}

// locationAsJSON puts an object where an address belongs.
func locationAsJSON(x *Exchange, body any) any {
	if to := x.Header.Get("Location"); to != "" {
		x.Header = x.Header.Clone()
		x.Header.Set("Location", `{"href":"`+to+`"}`)
	}
	return body
}

// lowerCaseHeader writes the header of the approach in lower case.
func lowerCaseHeader(x *Exchange, body any) any {
	if value, there := x.Header["Aspsp-Sca-Approach"]; there {
		x.Header = x.Header.Clone()
		x.Header["aspsp-sca-approach"] = value
		x.Header["Aspsp-Sca-Approach"] = nil
	}
	return body
}

// okForCreated answers 200 where something was created.
func okForCreated(x *Exchange, body any) any {
	if x.Status == http.StatusCreated {
		x.Status = http.StatusOK
	}
	return body
}
