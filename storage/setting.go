package storage

import (
	"context"
	"path/filepath"

	"consentry/storage/folder"
)

// Setting returns the person's setting of that name, or "" when it was never set.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	all, err := s.settings.of(s, func() (map[string]string, error) {
		settings, err := collect(ctx, s.db, readSetting, `SELECT name, value FROM setting`)
		all := make(map[string]string, len(settings))
		for _, one := range settings {
			all[one.name] = one.value
		}
		return all, err
	})
	return all[name], err
}

type setting struct{ name, value string }

func readSetting(row scanner) (one setting, err error) { return one, row.Scan(&one.name, &one.value) }

// SetSetting keeps a setting.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	_, err := s.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// languageSetting is the name of the setting.
const languageSetting = "language"

// Language returns the tag of the language the person chose; empty where they left that to the system.
func (s *Store) Language(ctx context.Context) (string, error) { return s.Setting(ctx, languageSetting) }

// SetLanguage keeps the language, for what is said before the store is open beside it, too.
func (s *Store) SetLanguage(ctx context.Context, tag string) error {
	if err := s.SetSetting(ctx, languageSetting, tag); err != nil {
		return err
	}
	return folder.KeepLanguage(filepath.Dir(s.lock.Path()), tag)
}
