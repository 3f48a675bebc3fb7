package bank

import "consentry/storage/fold"

// mistakes returns how many typing mistakes a word may have and still be taken for
// another: one in a word, two in a long one, none in one of a letter or two, which would be
// like all others.
func mistakes(typed string) int {
	switch {
	case len(typed) < 3:
		return 0
	case len(typed) < 8:
		return 1
	}
	return 2
}

// leastBegun is how long a word is of which the beginning alone may be meant: with a mistake,
// what is shorter begins too many words.
const leastBegun = 4

// near returns how many typing mistakes lie between what was typed and a word, or the
// beginning of one; most and one where there are more than most. A letter too many, one too few, another one and two neighbours that
// changed places are a mistake each (the distance of Damerau and Levenshtein, as optimal string
// alignment). Both are folded, so each letter is a byte.
func near(typed, word string, most int) int {
	if len(typed) > len(word)+most {
		return most + 1
	}
	begun := len(typed) >= leastBegun
	if begun {
		word = word[:min(len(word), len(typed)+most)]
	} else if len(word) > len(typed)+most {
		return most + 1
	}
	var rows [3][fold.Longest + 1]int // those of the letter before last, of the last and of this one
	before, last, row := rows[0][:len(word)+1], rows[1][:len(word)+1], rows[2][:len(word)+1]
	for j := range row {
		row[j] = j
	}
	for i := range len(typed) {
		before, last, row = last, row, before
		row[0] = i + 1
		least := row[0]
		for j := range len(word) {
			other := 1
			if typed[i] == word[j] {
				other = 0
			}
			row[j+1] = min(last[j]+other, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && typed[i] == word[j-1] && typed[i-1] == word[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
	}
	found := row[len(word)]
	if begun {
		for _, at := range row {
			found = min(found, at)
		}
	}
	return min(found, most+1)
}
