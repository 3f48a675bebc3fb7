//go:build desktop && webkit2_41

#include <gtk/gtk.h>
#include <webkit2/webkit2.h>
#include "native_linux.h"
#include "_cgo_export.h"

static WebKitWebView *the_view = NULL;
static GtkWindow *the_window = NULL;

// A job is done on GTK's thread, while another waits for it.
typedef struct {
	void (*work)(void *);
	void *data;
	gboolean done;
	GMutex lock;
	GCond over;
} job;

static gboolean run_job(gpointer data) {
	job *j = data;
	if (the_window != NULL) j->work(j->data);
	g_mutex_lock(&j->lock);
	j->done = TRUE;
	g_cond_signal(&j->over);
	g_mutex_unlock(&j->lock);
	return G_SOURCE_REMOVE;
}

static void on_gtk(void (*work)(void *), void *data) {
	job j = {work, data, FALSE};
	g_mutex_init(&j.lock);
	g_cond_init(&j.over);
	g_idle_add_full(G_PRIORITY_HIGH_IDLE, run_job, &j, NULL);
	g_mutex_lock(&j.lock);
	while (!j.done) g_cond_wait(&j.over, &j.lock);
	g_mutex_unlock(&j.lock);
	g_mutex_clear(&j.lock);
	g_cond_clear(&j.over);
}

typedef struct {
	area *screens;
	int most, count;
} screens_job;

static void list_screens(void *data) {
	screens_job *s = data;
	GdkDisplay *display = gtk_widget_get_display(GTK_WIDGET(the_window));
	int all = gdk_display_get_n_monitors(display);
	for (int i = 0; i < all && s->count < s->most; i++) {
		GdkRectangle r;
		gdk_monitor_get_workarea(gdk_display_get_monitor(display, i), &r);
		s->screens[s->count++] = (area){r.x, r.y, r.width, r.height};
	}
}

int window_screens(area *screens, int most) {
	screens_job s = {screens, most, 0};
	on_gtk(list_screens, &s);
	return s.count;
}

static void move_window(void *data) {
	area *to = data;
	gtk_window_resize(the_window, to->width, to->height);
	gtk_window_move(the_window, to->x, to->y); // a Wayland compositor decides that alone
}

void window_move(area to) { on_gtk(move_window, &to); }

typedef struct {
	area *at;
	int maximised;
} where_job;

static void find_window(void *data) {
	where_job *w = data;
	gtk_window_get_position(the_window, &w->at->x, &w->at->y);
	gtk_window_get_size(the_window, &w->at->width, &w->at->height);
	w->maximised = gtk_window_is_maximized(the_window);
}

int window_where(area *at) {
	where_job w = {at, 0};
	on_gtk(find_window, &w);
	return w.maximised;
}

static void raise_window(void *data) {
	const char *activation = data;
	gtk_widget_show(GTK_WIDGET(the_window));
	gtk_window_deiconify(the_window);
	if (activation[0] != '\0') gtk_window_set_startup_id(the_window, activation);
	gtk_window_present(the_window);
}

void window_raise(const char *activation) { on_gtk(raise_window, (void *)activation); }

static void zoom_view(void *data) { webkit_web_view_set_zoom_level(the_view, *(double *)data); }

void window_zoom(double to) { on_gtk(zoom_view, &to); }

// The numbers of acts, as in menu.go.
enum { RELOAD = 0, BACK, FORWARD, FIND, FIND_NEXT, FIND_LAST, LARGER, SMALLER, USUAL };

// on_key hears of each key before the menu and the page do. These are the second ones that browsers have for the same, and
// those of the block of digits.
static gboolean on_key(GtkWidget *window, GdkEventKey *key, gpointer data) {
	guint with = key->state & gtk_accelerator_get_default_mod_mask();
	int act = -1;
	if (with == GDK_CONTROL_MASK) {
		switch (key->keyval) {
		case GDK_KEY_equal:
		case GDK_KEY_KP_Add: act = LARGER; break;
		case GDK_KEY_KP_Subtract: act = SMALLER; break;
		case GDK_KEY_KP_0: act = USUAL; break;
		}
	} else if (with == GDK_SHIFT_MASK && key->keyval == GDK_KEY_F3) {
		act = FIND_LAST;
	} else if (with == 0 && key->keyval == GDK_KEY_F3) {
		act = FIND_NEXT;
	} else if (with == 0 && key->keyval == GDK_KEY_F5) {
		act = RELOAD;
	}
	if (act < 0) return FALSE;
	windowKey(act);
	return TRUE;
}

void use_view(WebKitWebView *view) {
	GtkWidget *top = gtk_widget_get_toplevel(GTK_WIDGET(view));
	if (!GTK_IS_WINDOW(top)) return;
	the_view = view;
	the_window = GTK_WINDOW(top);
	g_signal_connect(top, "key-press-event", G_CALLBACK(on_key), NULL);
}
