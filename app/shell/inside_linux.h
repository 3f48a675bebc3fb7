// Keeps the window's web view on the program's own pages. See inside_linux.go.
#ifndef CONSENTRY_INSIDE_H
#define CONSENTRY_INSIDE_H

// keep_inside may be called from any thread; the work is done on GTK's.
void keep_inside(void);

#endif
