// What the window's program asks of GTK and WebKit itself. See native_linux.go.
#ifndef CONSENTRY_NATIVE_H
#define CONSENTRY_NATIVE_H

#include <webkit2/webkit2.h>

// area is a part of the screens' common plane.
typedef struct {
	int x, y, width, height;
} area;

// use_view has the following be about a web view and its window, and listens to the keys there. It is called on GTK's thread.
void use_view(WebKitWebView *view);

// These may be called from any other thread, and wait until it is done on GTK's. Before use_view they do nothing.
int window_screens(area *screens, int most);
void window_move(area to);
int window_where(area *at); // returns whether the window is maximised
void window_raise(const char *activation);
void window_zoom(double to);

#endif
