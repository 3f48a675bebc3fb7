package hostile

import (
	"net"
	"strings"
)

// Lines are misbehaviours at the level of the line: of TCP, of TLS and of what
// HTTP puts around a body.
var Lines = []Misbehaviour{
	{Name: "silence", answer: func(l *line) { l.hold() }},
	{Name: "closed at once", answer: func(l *line) { l.end() }},
	{Name: "reset at once", answer: func(l *line) { l.reset() }},
	{Name: "reset within the header", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\nContent-"); l.reset() }},
	{Name: "reset within the body", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: 1000"); l.send("{"); l.reset() }},
	{Name: "a TLS handshake without end", TLS: true, answer: func(l *line) { l.hold() }},
	{Name: "a slow TLS handshake", TLS: true, answer: func(l *line) { l.slowly("\x16\x03\x03\x40\x00") }},
	{Name: "no TLS where it was asked for", TLS: true, answer: func(l *line) { l.answer("200 OK", "application/json", `{}`); l.end() }},

	{Name: "switching protocols", answer: func(l *line) {
		l.header("101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket")
		l.hold()
	}},
	{Name: "switching protocols, to none", answer: func(l *line) { l.header("101 Switching Protocols"); l.hold() }},
	{Name: "switching protocols, and a byte now and then", answer: func(l *line) {
		l.header("101 Switching Protocols", "Connection: Upgrade", "Upgrade: h2c")
		l.slowly(" ")
	}},
	{Name: "informational answers without end", answer: func(l *line) { l.always("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") }},
	{Name: "informational answers now and then", answer: func(l *line) { l.slowly("HTTP/1.1 100 Continue\r\n\r\n") }},
	{Name: "two informational answers", Taken: true, answer: func(l *line) {
		l.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")
		l.answer("200 OK", "application/json", `{}`)
	}},

	{Name: "a slow status line", answer: func(l *line) { l.slowly(strings.Repeat(" ", 64)) }},
	{Name: "a slow header", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\nX-Slow: "); l.slowly("a") }},
	{Name: "slow fields of a header", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\n"); l.slowly("A: b\r\n") }},
	{Name: "a long header", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\nX-Long: "); l.always(strings.Repeat("a", 4096)) }},
	{Name: "a header that just is too long", answer: func(l *line) {
		l.answer("200 OK", "application/json", `{}`, "X-Long: "+strings.Repeat("a", 70<<10))
	}},
	{Name: "many fields", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\n"); l.always("X-Many: a\r\n") }},
	{Name: "a long status line", answer: func(l *line) { l.send("HTTP/1.1 200 "); l.always(strings.Repeat("O", 4096)) }},
	{Name: "noise before the status line", answer: func(l *line) { l.send("\x00\xff220 ready\r\n"); l.answer("200 OK", "application/json", `{}`); l.end() }},
	{Name: "noise without end", answer: func(l *line) { l.always(strings.Repeat("\x00\xff\x16\x80", 1024)) }},
	{Name: "an HTTP of the future", Taken: true, answer: func(l *line) { l.send("HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}"); l.end() }},
	{Name: "a preface of HTTP/2", answer: func(l *line) { l.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); l.hold() }},
	{Name: "a status that is none", answer: func(l *line) { l.send("HTTP/1.1 okay\r\nContent-Length: 2\r\n\r\n{}"); l.end() }},
	{Name: "a status without a class", answer: func(l *line) { l.answer("999 Beyond", "application/json", `{}`) }},
	{Name: "a header field without a colon", answer: func(l *line) { l.send("HTTP/1.1 200 OK\r\nnothing\r\nContent-Length: 2\r\n\r\n{}"); l.end() }},
	{Name: "an HTTP/1.0 without a length", answer: func(l *line) { l.send("HTTP/1.0 200 OK\r\n" + jsonType + "\r\n\r\n"); l.slowly(" ") }},

	{Name: "a slow body", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: 100000"); l.slowly(" ") }},
	{Name: "half closed within the body", answer: func(l *line) {
		l.header("200 OK", jsonType, "Content-Length: 1000")
		l.send(`{"accounts":[`)
		if conn, is := l.Conn.(*net.TCPConn); is {
			_ = conn.CloseWrite()
		}
		l.hold()
	}},
	{Name: "a body that stops", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: 1000"); l.send("{"); l.hold() }},
	{Name: "more than the length says", Taken: true, answer: func(l *line) {
		l.header("200 OK", jsonType, "Content-Length: 2")
		l.send("{}xxxx")
		l.end()
	}},
	{Name: "more after the close", Taken: true, answer: func(l *line) {
		l.header("200 OK", jsonType, "Content-Length: 2", "Connection: close")
		l.send("{}")
		l.always(strings.Repeat("x", 4096))
	}},
	{Name: "two lengths", answer: func(l *line) {
		l.header("200 OK", jsonType, "Content-Length: 2", "Content-Length: 4")
		l.send("{}  ")
		l.end()
	}},
	{Name: "a negative length", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: -2"); l.send("{}"); l.end() }},
	{Name: "a length beyond numbers", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: 99999999999999999999"); l.hold() }},
	{Name: "a length of a terabyte", answer: func(l *line) { l.header("200 OK", jsonType, "Content-Length: 1099511627776"); l.hold() }},
	{Name: "a length and chunks", Taken: true, answer: func(l *line) {
		l.header("200 OK", jsonType, "Content-Length: 5", chunked)
		l.send("2\r\n{}\r\n0\r\n\r\n")
		l.end()
	}},
	{Name: "slow chunks", answer: func(l *line) { l.header("200 OK", jsonType, chunked); l.slowly("1\r\n \r\n") }},
	{Name: "a chunk that is none", answer: func(l *line) { l.header("200 OK", jsonType, chunked); l.send("zz\r\n{}\r\n0\r\n\r\n"); l.end() }},
	{Name: "a chunk of all there is", answer: func(l *line) { l.header("200 OK", jsonType, chunked); l.send("ffffffffffffffff\r\n"); l.hold() }},
	{Name: "chunks of extensions", answer: func(l *line) {
		l.header("200 OK", jsonType, chunked)
		l.always("1;" + strings.Repeat("a=b;", 900) + "\r\n \r\n")
	}},
	{Name: "chunks without the last", answer: func(l *line) { l.header("200 OK", jsonType, chunked); l.send("2\r\n{}\r\n"); l.hold() }},
	{Name: "trailers without end", answer: func(l *line) {
		l.header("200 OK", jsonType, chunked)
		l.send("2\r\n{}\r\n0\r\n")
		l.always("X-Trailer: a\r\n")
	}},
	{Name: "a coding of transfer nobody knows", answer: func(l *line) { l.header("200 OK", jsonType, "Transfer-Encoding: cheese"); l.send("{}"); l.end() }},
	{Name: "a body where there is none", Taken: true, answer: func(l *line) { l.header("204 No Content", "Content-Length: 5"); l.send("HELLO"); l.end() }},
}

const (
	jsonType = "Content-Type: application/json"
	chunked  = "Transfer-Encoding: chunked"
)
