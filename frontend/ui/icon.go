package ui

// Icon is a line drawing in a square of 24, drawn with strokes of 1.8. It is
// never the only thing that says something: a word stands beside it.
type Icon string

const (
	IconHome     Icon = "M4 11.5 12 4l8 7.5M6 10v9.5h12V10M10 19.5v-5h4v5"
	IconBank     Icon = "M3 9.5 12 4l9 5.5M5 10v7.5M9.7 10v7.5M14.3 10v7.5M19 10v7.5M3 20.5h18"
	IconConsent  Icon = "M12 3l8 3v6c0 4.8-3.4 7.9-8 9-4.6-1.1-8-4.2-8-9V6zM8.5 12l2.5 2.5 4.5-5"
	IconAccount  Icon = "M5 6h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM3 10.5h18M6.5 15h3"
	IconActivity Icon = "M3 12h4l3-7 4 14 3-7h4"
	IconSettings Icon = "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 1 1 0-4.6zM9 14.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 1 1 0-4.6z"

	IconCheck   Icon = "M5 12.5l4.5 4.5L19 7.5"
	IconAlert   Icon = "M12 4 2.8 19.5h18.4zM12 10v4.2M12 17v.01"
	IconInfo    Icon = "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17zM12 11v5.5M12 7.8v.01"
	IconClock   Icon = "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17zM12 7.5V12l3 2"
	IconPause   Icon = "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17zM8 12h8"
	IconSearch  Icon = "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 1 1 0-13zM15.5 15.5 20.5 20.5"
	IconBack    Icon = "M14.5 5.5 8 12l6.5 6.5"
	IconForward Icon = "M9.5 5.5 16 12l-6.5 6.5"
	IconUp      Icon = "M12 19V5M6 11l6-6 6 6"
	IconDown    Icon = "M12 5v14M6 13l6 6 6-6"
	IconRefresh Icon = "M20 11.5A8 8 0 0 0 5.6 7.3L4 9M4 4.5V9h4.5M4 12.5a8 8 0 0 0 14.4 4.2L20 15M20 19.5V15h-4.5"
	IconPayment Icon = "M4 8h14M14.5 4.5 18 8l-3.5 3.5M20 16H6M9.5 12.5 6 16l3.5 3.5"
	IconNote    Icon = "M4 20l1-4.2L16.3 4.5a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.2 19zM14.5 6.5l3 3"
	IconPlus    Icon = "M12 5v14M5 12h14"
	IconClose   Icon = "M6.5 6.5l11 11M17.5 6.5l-11 11"
	IconChart   Icon = "M4 20h16M7 16v-5M12 16V6M17 16v-8"
	IconCopy    Icon = "M9 9h10v11H9zM15 9V4H5v11h4"
	IconSun     Icon = "M12 8a4 4 0 1 1 0 8 4 4 0 1 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
	IconMoon    Icon = "M20 14.5A8.3 8.3 0 0 1 9.5 4a8.3 8.3 0 1 0 10.5 10.5z"
	IconScreen  Icon = "M4 5h16v11H4zM9 20h6M12 16v4"
	IconLock    Icon = "M6 10.5h12V20H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.5v2"
	IconPeople  Icon = "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 1 1 9 5zM3 19.5c.4-3.4 2.7-5.2 6-5.2s5.6 1.8 6 5.2M16 5.4a3 3 0 0 1 0 5.6M17.6 14.6c2 .6 3.1 2.3 3.4 4.9"
)
