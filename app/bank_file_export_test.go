package app

import "consentry/storage"

// ReadBanks reads a file of banks, for tests.
func ReadBanks(file []byte) (banks []storage.Bank, faults []FileFault, err error) {
	filed, faults, err := readBanks(file)
	for _, bank := range filed {
		banks = append(banks, bank.Bank)
	}
	return banks, faults, err
}
