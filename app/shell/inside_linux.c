//go:build desktop && webkit2_41

#include <gtk/gtk.h>
#include <webkit2/webkit2.h>
#include "inside_linux.h"
#include "native_linux.h"
#include "save_linux.h"
#include "_cgo_export.h"

// on_decide_policy is called before each navigation, redirects included. New windows are shown in this one.
static gboolean on_decide_policy(WebKitWebView *view, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type, gpointer data) {
	if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE) return FALSE;
	WebKitNavigationAction *action =
		webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision));
	const char *address = webkit_uri_request_get_uri(webkit_navigation_action_get_request(action));
	gboolean shown = mayShow((char *)address);
	if (shown && type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION) return FALSE;
	if (shown) webkit_web_view_load_uri(view, address);
	webkit_policy_decision_ignore(decision);
	return TRUE;
}

// find_view looks for the web view among a widget's descendants.
static void find_view(GtkWidget *widget, gpointer found) {
	if (WEBKIT_IS_WEB_VIEW(widget)) *(GtkWidget **)found = widget;
	else if (GTK_IS_CONTAINER(widget)) gtk_container_forall(GTK_CONTAINER(widget), find_view, found);
}

// connect runs on GTK's thread, once its loop runs and Wails has made the window.
static gboolean connect_view(gpointer data) {
	GtkWidget *view = NULL;
	GList *windows = gtk_window_list_toplevels();
	for (GList *each = windows; each != NULL; each = each->next) find_view(GTK_WIDGET(each->data), &view);
	g_list_free(windows);
	if (view != NULL) {
		g_signal_connect(view, "decide-policy", G_CALLBACK(on_decide_policy), NULL);
		ask_where(WEBKIT_WEB_VIEW(view));
		use_view(WEBKIT_WEB_VIEW(view));
	}
	return G_SOURCE_REMOVE;
}

void keep_inside(void) { g_idle_add(connect_view, NULL); }
