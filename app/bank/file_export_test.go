package bank

import "consentry/storage"

// ReadFile reads a file of banks, for tests.
func ReadFile(file []byte) (banks []storage.Bank, faults []FileFault, err error) {
	read, err := readFile(file)
	for _, bank := range read.banks {
		banks = append(banks, bank.Bank)
	}
	return banks, read.faults, err
}
