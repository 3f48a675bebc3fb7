package app

// Remind does once what KeepReminding does again and again.
var Remind = (*App).remind
