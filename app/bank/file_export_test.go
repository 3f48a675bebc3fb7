package bank

import "consentry/storage"

// ReadFile reads a file of banks, for tests.
func ReadFile(file []byte) (banks []storage.Bank, faults []FileFault, err error) {
	filed, faults, err := readFile(file)
	for _, bank := range filed {
		banks = append(banks, bank.Bank)
	}
	return banks, faults, err
}
