//go:build desktop && webkit2_41

#include <gtk/gtk.h>
#include <webkit2/webkit2.h>
#include "save_linux.h"
#include "_cgo_export.h"

// on_answer is called when the person has chosen a place, or none.
static void on_answer(GtkNativeDialog *dialog, gint answer, gpointer data) {
	WebKitDownload *download = WEBKIT_DOWNLOAD(data);
	if (answer == GTK_RESPONSE_ACCEPT) {
		char *place = gtk_file_chooser_get_uri(GTK_FILE_CHOOSER(dialog));
		webkit_download_set_allow_overwrite(download, TRUE); // the dialog has asked
		webkit_download_set_destination(download, place);
		g_free(place);
	} else {
		webkit_download_cancel(download);
	}
	g_object_unref(dialog);
	g_object_unref(download);
}

// on_decide_destination asks where a file is to be kept, under the name that it came with. The file waits for the answer.
static gboolean on_decide_destination(WebKitDownload *download, char *name, gpointer view) {
	GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(view)));
	GtkFileChooserNative *dialog = gtk_file_chooser_native_new(name, window, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
	GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
	const char *folder = g_get_user_special_dir(G_USER_DIRECTORY_DOWNLOAD);
	gtk_file_chooser_set_do_overwrite_confirmation(chooser, TRUE);
	gtk_file_chooser_set_current_folder(chooser, folder != NULL ? folder : g_get_home_dir());
	gtk_file_chooser_set_current_name(chooser, name);
	g_signal_connect(dialog, "response", G_CALLBACK(on_answer), g_object_ref(download));
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
	return TRUE;
}

// on_created notes that a part of the file may lie in its place from now on.
static void on_created(WebKitDownload *download, char *place, gpointer data) {
	g_object_set_data(G_OBJECT(download), "created", "yes");
}

// on_failed takes away the part of a file that was not handed out to its end: it looks like a whole one. The person is told,
// unless they chose no place.
static void on_failed(WebKitDownload *download, GError *error, gpointer data) {
	g_object_set_data(G_OBJECT(download), "failed", "yes");
	const char *place = webkit_download_get_destination(download);
	if (!g_error_matches(error, WEBKIT_DOWNLOAD_ERROR, WEBKIT_DOWNLOAD_ERROR_CANCELLED_BY_USER)) fileSaved("", error->message);
	if (place == NULL || g_object_get_data(G_OBJECT(download), "created") == NULL) return;
	GFile *part = g_file_new_for_commandline_arg(place);
	g_file_delete(part, NULL, NULL);
	g_object_unref(part);
}

// on_finished tells the person where the file is. It comes after on_failed, too.
static void on_finished(WebKitDownload *download, gpointer data) {
	const char *place = webkit_download_get_destination(download);
	if (place == NULL || g_object_get_data(G_OBJECT(download), "failed") != NULL) return;
	GFile *file = g_file_new_for_commandline_arg(place);
	char *path = g_file_get_parse_name(file);
	fileSaved(path, "");
	g_free(path);
	g_object_unref(file);
}

static void on_download_started(WebKitWebContext *context, WebKitDownload *download, gpointer view) {
	g_signal_connect(download, "decide-destination", G_CALLBACK(on_decide_destination), view);
	g_signal_connect(download, "created-destination", G_CALLBACK(on_created), NULL);
	g_signal_connect(download, "failed", G_CALLBACK(on_failed), NULL);
	g_signal_connect(download, "finished", G_CALLBACK(on_finished), NULL);
}

void ask_where(WebKitWebView *view) {
	g_signal_connect(webkit_web_view_get_context(view), "download-started", G_CALLBACK(on_download_started), view);
}
