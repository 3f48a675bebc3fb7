package xs2a

import "context"

// DecodeReport reads a report for which nobody stops waiting.
func DecodeReport(mediaType string, body []byte) (TransactionPage, error) {
	return decodeReport(context.Background(), mediaType, body)
}

// DecodeTransactions reads a report in JSON for which nobody stops waiting.
func DecodeTransactions(body []byte) (TransactionPage, error) {
	return decodeTransactions(context.Background(), body)
}

// DecodeCardTransactions does so for a card account.
func DecodeCardTransactions(body []byte) (TransactionPage, error) {
	return decodeCardTransactions(context.Background(), body)
}
