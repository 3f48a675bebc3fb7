// Asks the person where a file is to be kept that a page hands out. See save_linux.go.
#ifndef CONSENTRY_SAVE_H
#define CONSENTRY_SAVE_H

#include <webkit2/webkit2.h>

// ask_where has the files of a web view asked for. It is called on GTK's thread.
void ask_where(WebKitWebView *view);

#endif
