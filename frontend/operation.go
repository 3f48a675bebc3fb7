package frontend

import (
	"context"
	"strings"

	"consentry/frontend/words"
	"consentry/xs2a/record"
)

// operationWords are what an operation does, and what that means in the flow.
type operationWords struct{ what, means words.Text }

// operations are the words of what can be asked of a bank, by the id of the operation.
var operations = map[string]operationWords{
	record.StepSentAgain: {"Sent again",
		"You wrote this request from a recorded one, and sent it."},
	"getLogo": {"Fetch a bank's logo",
		"The picture by which a bank is known, from where the directory says it lies."},
	"startPaymentInitiationCancellationAuthorisation": {"Start the authorisation of the cancellation",
		"The bank is asked to let you confirm that the payment is cancelled."},
	"getPaymentInitiationCancellationAuthorisationInformation": {"List the authorisations of the cancellation",
		"Which attempts to confirm the cancellation the bank knows."},
	"getPaymentCancellationScaStatus": {"Ask for the SCA status of the cancellation",
		"How far the confirmation of the cancellation is."},
	"updatePaymentCancellationPsuData": {"Go on with the authorisation of the cancellation",
		"What you entered or chose is handed to the bank."},
	"startPaymentAuthorisation": {"Start the authorisation of the payment",
		"The bank is asked to let you confirm the payment."},
	"getPaymentInitiationAuthorisation": {"List the authorisations of the payment",
		"Which attempts to confirm the payment the bank knows."},
	"getPaymentInitiationScaStatus": {"Ask for the SCA status of the payment",
		"How far your confirmation at the bank is."},
	"updatePaymentPsuData": {"Go on with the authorisation of the payment",
		"What you entered or chose is handed to the bank."},
	"getPaymentInitiationStatus": {"Ask for the payment's status",
		"Whether the money is on its way."},
	"getPaymentInformation": {"Read the payment back",
		"The payment as the bank has it."},
	"cancelPayment": {"Cancel the payment",
		"The bank is asked not to carry out the payment. It may want that confirmed."},
	"initiatePayment": {"Send the payment",
		"The payment is handed to the bank. It is carried out only after you confirmed it."},
	"startConsentAuthorisation": {"Start the authorisation",
		"The bank is asked to let you approve the consent, and says in which ways you can."},
	"getConsentAuthorisation": {"List the authorisations",
		"Which attempts to approve the consent the bank knows."},
	"getConsentScaStatus": {"Ask for the SCA status",
		"How far your approval at the bank is."},
	"updateConsentsPsuData": {"Go on with the authorisation",
		"What you entered or chose is handed to the bank."},
	"getConsentStatus": {"Ask for the consent's status",
		"Whether the consent can be used: received, valid, rejected, expired or ended."},
	"getConsentInformation": {"Read the consent back",
		"What the bank granted, which can differ from what was asked for."},
	"deleteConsent": {"End the consent",
		"The bank is told that the consent is not to be used any more."},
	"createConsent": {"Ask for the consent",
		"The bank is asked for a consent to read accounts. It answers with the ways in which you can approve it."},
	"refreshAccounts": {"Ask for fresh data",
		"The bank is asked to read the accounts anew from where they are kept."},
	"getRefreshStatus": {"Ask how far the refresh is",
		"Whether fresh data is there to be read."},
	"getCardAccountTransactionList": {"Read card transactions",
		"What was paid with the card in a period."},
	"getCardAccountBalances": {"Read card balances",
		"What is owed on the card account."},
	"readCardAccountDetails": {"Read a card account",
		"One card account in detail."},
	"getCardAccountList": {"List the card accounts",
		"The card accounts the consent covers."},
	"getTransactionDetails": {"Read one transaction",
		"One entry in detail."},
	"getTransactionList": {"Read transactions",
		"What came in and went out in a period, page by page."},
	"getBalances": {"Read balances",
		"What is on the account, by each kind of balance the bank keeps."},
	"readAccountDetails": {"Read an account",
		"One account in detail."},
	"getAccountList": {"List the accounts",
		"The accounts the consent covers, by the names the bank gives them under it."},
	"checkAvailabilityOfFunds": {"Ask whether funds suffice",
		"The bank says yes or no, not how much there is."},
	"getASPSP": {"Read a bank's details",
		"How the directory describes one bank and the ways to approve something there."},
	"getASPSPs": {"List the banks",
		"The banks that can be reached, all of them or those of one country or city."},
	"getCities": {"List the cities",
		"The cities of the directory."},
	"getCountries": {"List the countries",
		"The countries of the directory."},
	"getProducts": {"Read the product catalogue",
		"The products the bank offers to everybody."},
	"getServerMetadata": {"Discover the authorisation server",
		"Where the bank's authorisation server says its page and its token endpoint are."},
	"getClientToken": {"Get an access token",
		"Consentry shows who it is and gets a token for the next calls. You are not involved."},
	"exchangeCode": {"Exchange the code",
		"The code you came back from the bank with is redeemed. It works once, and only together with the verifier that never left this machine."},
	"refreshToken": {"Refresh the access token",
		"A token that has run out is replaced automatically."},
	"sendCode": {"Send the code",
		"The code you entered proves to the bank that it is you."},
	"sendConfirmationCode": {"Send the confirmation code",
		"The bank finishes the authorisation once it knows that you came back here."},
	"selectMethod": {"Choose the method",
		"The bank is told in which way you want to confirm."},
	"sendEncryptedPassword": {"Log in at the bank",
		"Your password is handed to the bank, encrypted for it alone. It is not kept."},
	"sendPassword": {"Log in at the bank",
		"Your password is handed to the bank. It is not kept."},
	"sendPSUID": {"Say who you are",
		"The bank is told by which name it knows you."},
}

// stepsOf are the words of steps that name what they are about.
var stepsOf = map[string]words.Text{"getTransactionListOf": "Read transactions of %s", "getTransactionDeltaOf": "Read what is new of %s"}

// stepWords says what an exchange asks a bank for. What the tables do not know is
// its method and path.
func stepWords(ctx context.Context, step string) string {
	if known, is := operations[step]; is {
		return words.T(ctx, known.what)
	}
	id, of, _ := strings.Cut(step, " ")
	if said, is := stepsOf[id]; is {
		return words.T(ctx, said, of)
	}
	return step
}

// stepsNamed finds the operations whose words have a word in them, as a person
// types it.
func stepsNamed(ctx context.Context) func(word string) []string {
	return func(word string) (ids []string) {
		for id := range operations {
			if strings.Contains(strings.ToLower(stepWords(ctx, id)), strings.ToLower(word)) {
				ids = append(ids, id)
			}
		}
		return ids
	}
}
