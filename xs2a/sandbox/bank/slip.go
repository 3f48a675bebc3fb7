package bank

import (
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// slips are one mistake for each rule of the Berlin Group's definition that an answer can
// break where a bank is only read: once each, and where linking and reading go on all the
// same. A rule that cannot be broken so is not among them, see conformance.Breakable.
var slips = []Quirk{
	slip("/consents/*/status", func(x *Exchange, body map[string]any) any { // required, of a header
		x.set("X-Request-Id")
		return body
	}),
	slip("/consents/*", func(_ *Exchange, body map[string]any) any { // minimum
		body["frequencyPerDay"] = 0
		return body
	}),
	slip("/consents/*/authorisations", func(x *Exchange, body map[string]any) any { // status
		x.Status = http.StatusNonAuthoritativeInfo
		return body
	}),
	slip("/consents/*/authorisations/*", func(_ *Exchange, body map[string]any) any { // maxLength
		body["psuMessage"] = strings.TrimSpace(strings.Repeat("This message is too long. ", 20))
		return body
	}),

	slip("/accounts", inFirst("accounts", func(account map[string]any) { account["bic"] = "ptzhdeh0" })), // pattern
	slip("/accounts/*", func(x *Exchange, body map[string]any) any { // mediaType
		x.set("Content-Type", "text/html")
		return body
	}),
	slip("/accounts/*/balances", inFirst("balances", func(balance map[string]any) { // type, nullable
		if value, is := balance["balanceAmount"].(map[string]any); is {
			value["amount"] = number(value["amount"])
		}
		balance["lastCommittedTransaction"] = nil
	})),
	slip("/accounts/*/transactions", inFirst("booked", func(entry map[string]any) { // format, of a day; maxItems
		day, _ := entry["bookingDate"].(string)
		entry["valueDate"] = day + "T00:00:00"
		entry["additionalInformationStructured"] = map[string]any{"standingOrderDetails": map[string]any{
			"startDate": day, "frequency": "MonthlyVariable", "monthsOfExecution": months(),
		}}
	})),
	slip("/accounts/*/transactions/*", func(*Exchange, map[string]any) any { // json
		return []byte(`{"transactionsDetails":{"transactionDetails":{"transactionAmount":{"currency":"EUR","amount":"1.00",}}}}`)
	}),

	slip("/card-accounts", inFirst("cardAccounts", func(card map[string]any) { card["usage"] = "PRIVATE" })), // enum
	slip("/card-accounts/*", func(*Exchange, map[string]any) any { return nil }),                             // body
	slip("/card-accounts/*/balances", inFirst("balances", func(balance map[string]any) { // format, of a time; required, of a member
		day, _ := balance["referenceDate"].(string)
		balance["lastChangeDateTime"] = day + " 08:00"
		delete(balance, "balanceType")
	})),
	slip("/card-accounts/*/transactions", inFirst("booked", func(entry map[string]any) { entry["merchantCategoryCode"] = "541" })), // minLength
}

// slip is a quirk of the good answers to one kind of request that reads.
func slip(where string, change func(x *Exchange, body map[string]any) any) Quirk {
	return func(x *Exchange, body any) any {
		object, is := body.(map[string]any)
		if fits, _ := path.Match(x.Bank.Prefix()+where, x.Request.URL.Path); !fits || !is || x.Request.Method != http.MethodGet || x.Status != http.StatusOK {
			return body
		}
		return change(x, object)
	}
}

// inFirst changes the first element of a list, wherever the list stands.
func inFirst(list string, change func(element map[string]any)) func(*Exchange, map[string]any) any {
	return func(_ *Exchange, body map[string]any) any {
		return rewrite("", body, func(name string, v any) any {
			if all, is := v.([]any); is && name == list && len(all) > 0 {
				if element, is := all[0].(map[string]any); is {
					change(element)
				}
			}
			return v
		})
	}
}

// set changes a header of the answer; without a value it is left out.
func (x *Exchange) set(name string, values ...string) {
	header := http.Header{}
	maps.Copy(header, x.Header)
	header[name] = values
	x.Header = header
}

// number is an amount that is written as a number.
func number(amount any) any {
	text, _ := amount.(string)
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return amount
	}
	return json.Number(text)
}

// months are all of a year, which are more than a standing order may name.
func months() (all []any) {
	for month := 1; month <= 12; month++ {
		all = append(all, strconv.Itoa(month))
	}
	return all
}
