package storage

import "context"

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
