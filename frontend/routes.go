package frontend

import (
	"net/http"
	"net/url"
	"strings"

	"consentry/frontend/static"
	"consentry/storage"
)

// routes is the map of the product.
func (s *Server) routes() map[string]handler {
	return map[string]handler{
		"GET /{$}": s.overview,

		"GET /banks":                    s.banks,
		"POST /banks/refresh":           s.refreshBanks,
		"GET /banks/{env}/{bic}":        s.bank,
		"GET /banks/{env}/{bic}/logo":   s.logo,
		"GET /banks/{env}/{bic}/share":  s.share,
		"POST /banks/{env}/{bic}/share": s.ask,

		"GET /banks/{env}/{bic}/quirks":              s.quirks,
		"GET /banks/{env}/{bic}/quirks/{kind}":       s.quirk,
		"POST /banks/{env}/{bic}/quirks/{kind}":      s.correctQuirk,
		"POST /banks/{env}/{bic}/quirks/{kind}/back": s.takeQuirkBack,
		"GET /environments/{id}/quirks":              s.environmentQuirks,
		"GET /environments/{id}/quirks.json":         s.quirkProfile,
		"GET /environments/{id}/quirks/import":       s.askQuirkImport,
		"POST /environments/{id}/quirks/import":      s.importQuirks,

		"GET /banks/{env}/{bic}/products":           s.products,
		"GET /banks/{env}/{bic}/products/{product}": s.product,
		"GET /banks/{env}/{bic}/compare":            s.compareProducts,

		"GET /banks/{env}/{bic}/pay":                s.pay,
		"POST /banks/{env}/{bic}/pay":               s.compose,
		"GET /banks/{env}/{bic}/pay/several":        s.askPayList,
		"POST /banks/{env}/{bic}/pay/several":       s.composePayList,
		"GET /payment-lists/{list}":                 s.paymentList,
		"POST /payment-lists/{list}/send":           s.sendPaymentList,
		"POST /payment-lists/{list}/continue":       s.continuePaymentList,
		"GET /banks/{env}/{bic}/pay/payees":         s.payees,
		"POST /payments/{id}/template":              s.addTemplate,
		"POST /payment-templates/{template}/remove": s.removeTemplate,
		"GET /payments":                             s.payments,
		"GET /payments/new":                         s.choosePayer,
		"GET /payments/{id}":                        s.payment,
		"GET /payments/{id}/step":                   s.paymentStep,
		"GET /payments/{id}/change":                 s.changePayment,
		"POST /payments/{id}/change":                s.recompose,
		"POST /payments/{id}/send":                  s.sendPayment,
		"POST /payments/{id}/continue":              s.continuePayment,
		"POST /payments/{id}/check":                 s.checkPayment,
		"POST /payments/{id}/drop":                  s.dropPayment,
		"POST /payments/{id}/look":                  s.lookAtPayment,
		"POST /payments/{id}/authorisations":        s.paymentAuthorisations,
		"POST /payments/{id}/cancellations":         s.paymentCancellations,
		"GET /payments/{id}/cancel":                 s.askCancelPayment,
		"POST /payments/{id}/cancel":                s.cancelPayment,
		"GET /payments/{id}/receipt":                s.paymentReceipt,

		"GET /authorisations/{id}":         s.authorisation,
		"GET /authorisations/{id}/step":    s.authorisationStep,
		"GET /authorisations/{id}/page":    s.bankPage,
		"POST /authorisations/{id}/page":   s.openBankPage,
		"GET /authorisations/{id}/device":  s.otherDevice,
		"POST /authorisations/{id}/host":   s.nameHost,
		"POST /authorisations/{id}/give":   s.update,
		"POST /authorisations/{id}/paste":  s.paste,
		"POST /authorisations/{id}/check":  s.pollAuthorisation,
		"POST /authorisations/{id}/giveup": s.giveUp,
		"GET /authorisations/{id}/phone":   s.askPhone,
		"POST /authorisations/{id}/phone":  s.openPhone,
		"POST /phone/end":                  s.endPhone,

		"GET /consents":                s.consents,
		"GET /consents/{id}":           s.consent,
		"POST /consents/{id}/refresh":  s.refreshConsent,
		"POST /consents/{id}/fetch":    s.fetch,
		"GET /consents/{id}/job":       s.consentJob,
		"POST /consents/{id}/stop":     s.stopFetch,
		"POST /consents/{id}/resume":   s.resume,
		"GET /consents/{id}/withdraw":  s.askWithdraw,
		"POST /consents/{id}/withdraw": s.withdraw,

		"POST /consents/{id}/authorisations": s.consentAuthorisations,

		"GET /consents/{id}/renew":     s.renew,
		"POST /consents/{id}/renew":    s.askRenewal,
		"POST /consents/{id}/tell":     s.tell,
		"POST /consents/{id}/ask":      s.askEnded,
		"POST /consents/{id}/deletion": s.approveDeletion,
		"GET /consents/{id}/erase":     s.askErase,
		"POST /consents/{id}/erase":    s.erase,
		"POST /consents/{id}/schedule": s.setSchedule,
		"GET /consents/{id}/reads":     s.reads,

		"POST /renewals":                          s.beginRound,
		"GET /renewals/{round}":                   s.round,
		"GET /renewals/{round}/next":              s.nextTurn,
		"POST /renewals/{round}/stop":             s.endRound,
		"POST /renewals/{round}/turns/{id}/skip":  s.skipTurn,
		"POST /renewals/{round}/turns/{id}/later": s.putOffTurn,

		"POST /consents/{id}/snooze":          s.snooze,
		"POST /consents/{id}/snooze-together": s.snoozeTogether,

		"GET /consents/{id}/receipt":      s.receipt,
		"GET /consents/{id}/receipt.json": s.receiptRecord,
		"GET /consents/{id}/calendar.ics": s.calendar,
		"GET /consents.ics":               s.calendars,

		"GET /accounts":                s.accounts,
		"GET /accounts/arrange":        s.arrange,
		"POST /accounts/arrange":       s.moveBank,
		"POST /accounts/{id}/move":     s.moveAccount,
		"POST /accounts/{id}/hide":     s.hideAccount,
		"GET /accounts/{id}/shown":     s.askShown,
		"POST /accounts/{id}/shown":    s.setShown,
		"GET /accounts/{id}":           s.account,
		"POST /accounts/{id}/fetch":    s.fetchAccount,
		"GET /accounts/{id}/statement": s.statement,
		"GET /transactions":            s.transactions,
		"GET /counterparty":            s.counterparty,
		"GET /insights":                s.insights,

		"GET /accounts/{id}/files":                 s.files,
		"POST /accounts/{id}/files":                s.takeFile,
		"GET /accounts/{id}/files/{file}":          s.lookAtFile,
		"POST /accounts/{id}/files/{file}":         s.storeFile,
		"POST /accounts/{id}/files/{file}/discard": s.discardFile,
		"GET /imports/{id}":                        s.imported,
		"POST /imports/{id}/undo":                  s.undoImport,

		"GET /transactions/{id}": s.transaction,

		"GET /transactions/export":          s.export,
		"GET /transactions/export/{format}": s.exportFile,

		"GET /insights/subscriptions": s.subscriptions,
		"GET /coming":                 s.coming,
		"GET /insights/with":          s.insightsWith,

		"POST /accounts/{id}/details":     s.accountDetails,
		"POST /accounts/{id}/balances":    s.accountBalances,
		"POST /transactions/{id}/details": s.transactionDetails,
		"POST /transactions/{id}/note":    s.setNote,

		"GET /names":                 s.names,
		"GET /names/new":             s.askName,
		"POST /names":                s.giveName,
		"POST /names/{id}/change":    s.changeName,
		"POST /names/{id}/remove":    s.takeNameBack,
		"POST /transactions/tag":     s.tagFound,
		"POST /transactions/seen":    s.seeAll,
		"GET /searches":              s.savedSearches,
		"POST /searches":             s.saveSearch,
		"POST /searches/{id}/rename": s.renameSearch,
		"POST /searches/{id}/remove": s.removeSearch,

		"POST /accounts/{id}/left-notes/{note}/remove": s.removeLeftNote,

		"GET /activity":                    s.activity,
		"GET /activity/flows/{flow}":       s.flowActivity,
		"GET /activity/exchanges/{id}":     s.exchange,
		"GET /activity/requests/{request}": s.requestActivity,
		"GET /activity/comparison":         s.comparison,
		"GET /activity/comparison/flows":   s.flowComparison,

		"GET /activity/recordings":                      s.recordings,
		"POST /activity/recordings/files":               s.bringRecording,
		"GET /activity/recordings/{recording}":          s.recording,
		"POST /activity/recordings/{recording}/play":    s.playRecording,
		"POST /activity/recordings/{recording}/restart": s.restartRecording,
		"POST /activity/recordings/{recording}/stop":    s.stopRecording,
		"POST /activity/recordings/{recording}/remove":  s.removeRecording,
		"GET /activity/take":                            s.take,
		"POST /activity/take":                           s.takeFiles,

		"GET /activity/exchanges/{id}/again":  s.writeAgain,
		"POST /activity/exchanges/{id}/again": s.sendAgain,
		"GET /activity/exchanges/{id}/fork":   s.forkHere,
		"POST /activity/exchanges/{id}/fork":  s.fork,
		"GET /activity/flows/{flow}/next":     s.nextStep,
		"POST /activity/flows/{flow}/next":    s.sendNext,
		"POST /activity/flows/{flow}/stop":    s.stopFork,
		"POST /activity/made/{id}/leave":      s.leaveMade,

		"GET /faults":         s.faults,
		"POST /faults":        s.setFault,
		"POST /faults/remove": s.removeFault,
		"POST /faults/do":     s.doAtBank,

		"GET /activity/definitions":     s.definitions,
		"GET /activity/report":          s.report,
		"GET /activity/report/{format}": s.reportFile,

		"GET /alerts":              s.alerts,
		"POST /alerts":             s.addAlert,
		"POST /alerts/seen":        s.seeAlert,
		"POST /alerts/{id}/remove": s.removeAlert,

		"GET /settings":            s.settings,
		"POST /settings/login":     s.setLoginStart,
		"POST /settings/end":       s.endProgram,
		"POST /settings/theme":     s.setTheme,
		"POST /settings/locale":    s.setLocale,
		"POST /settings/clock":     s.moveClock,
		"POST /settings/control":   s.setPracticePort,
		"POST /settings/audience":  s.setAudience,
		"POST /settings/presenter": s.setPresenting,
		"GET /environments/new":    s.environment,
		"POST /environments":       s.saveEnvironment,
		"GET /environments/{id}":   s.environment,
		"POST /environments/{id}":  s.saveEnvironment,

		"GET /environments/{id}/directory": s.directoryChanges,

		"GET /environments/{id}/keys":                        s.keys,
		"POST /environments/{id}/keys/{purpose}":             s.makeKeyPair,
		"GET /environments/{id}/keys/{purpose}/{file}":       s.keyFile,
		"POST /environments/{id}/keys/{purpose}/test":        s.makeTestCertificate,
		"POST /environments/{id}/keys/{purpose}/certificate": s.putCertificate,
		"POST /environments/{id}/keys/{purpose}/remove":      s.removeKeyPair,
		"POST /environments/{id}/keys/{purpose}/save":        s.saveKey,
		"GET /environments/{id}/guide":                       s.guide,

		"GET /environments/{id}/run":       s.checkRun,
		"POST /environments/{id}/run":      s.beginCheckRun,
		"POST /environments/{id}/run/stop": s.stopCheckRun,

		"POST /lock":                 s.lockNow,
		"GET /settings/lock":         s.lockSettings,
		"POST /settings/lock":        s.setPassphrase,
		"POST /settings/lock/when":   s.chooseLock,
		"POST /settings/lock/remove": s.takeLockAway,

		"GET /settings/backup":          s.backups,
		"POST /settings/backup":         s.makeBackup,
		"GET /settings/backup/restore":  s.askRestore,
		"POST /settings/backup/restore": s.lookAtBackup,
		"GET /settings/backup/found":    s.foundBackup,
		"POST /settings/backup/found":   s.restore,
		"POST /settings/backup/discard": s.discardBackup,
		"GET /settings/backup/restored": s.restoredBackup,

		"GET /settings/profiles":         s.profileSettings,
		"POST /settings/profiles":        s.addProfile,
		"POST /settings/profiles/name":   s.renameProfile,
		"GET /settings/profiles/remove":  s.askRemoveProfile,
		"POST /settings/profiles/remove": s.removeProfile,
		"POST " + switchPath:             s.switchProfile,

		"GET /stage":                  s.stage,
		"GET /stage/reset":            s.askReset,
		"POST /stage/reset":           s.reset,
		"POST /stage/scenes/{scene}":  s.setScene,
		"POST /stage/scene":           s.loadScene,
		"GET /stage/scene.txt":        s.saveScene,
		"POST /stage/stories/{story}": s.beginStory,
		"POST /stage/story":           s.loadStory,
		"GET /stage/panel":            s.panel,
		"POST /stage/panel":           s.openPanel,
		"GET /stage/panel/step":       s.panelStep,
		"POST /stage/panel/bank":      s.chooseMishapBank,
		"POST /stage/panel/mishap":    s.playMishap,
		"POST /stage/panel/{move}":    s.movePanel,

		"POST /environments/{id}/check":  s.checkConnection,
		"POST /environments/{id}/host":   s.forgetHost,
		"GET /environments/{id}/remove":  s.askRemoval,
		"POST /environments/{id}/remove": s.removeEnvironment,

		"GET /environments/{id}/banks.csv":     s.bankFile,
		"GET /environments/{id}/import":        s.askImport,
		"POST /environments/{id}/import":       s.importBanks,
		"GET /environments/{id}/banks/{bank}":  s.bankProfile,
		"POST /environments/{id}/banks/{bank}": s.saveBankProfile,
	}
}

// mux puts the routes behind the session. Beside them stand the few addresses
// that work without one: the first, the bank's redirect, and what pages load.
func (s *Server) mux() *http.ServeMux {
	screens := http.NewServeMux()
	for pattern, h := range s.routes() {
		screens.Handle(pattern, s.adapt(h))
	}
	screens.Handle("/", s.adapt(s.notFound))
	screens.HandleFunc("GET "+presencePath, present)
	screens.HandleFunc("POST "+presencePath, present)

	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", s.inSession(s.presented(s.seen(screens))))
	mux.Handle("/", s.adapt(s.noSession))
	mux.Handle("GET "+startPath, s.adapt(s.start))
	mux.Handle("GET "+CallbackPath, s.adapt(s.callback))
	return withStatic(mux)
}

// notFound answers what no route does. The address of an action on a linking,
// which a browser shows after a mistake, leads back to the linking. A form of a page
// that has given way to the screens was sent twice.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) error {
	switch r.URL.Path {
	case unlockPath, forgottenPath, startOverPath, choosePath:
		defer forgetForm(r)
		redirect(w, r, inside(r.PostFormValue("to"), true))
		return nil
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Method == http.MethodGet && len(parts) == 3 && (parts[0] == "authorisations" || parts[0] == "consents" || parts[0] == "payments" || parts[0] == "payment-lists" || parts[0] == "imports") {
		redirect(w, r, "/"+parts[0]+"/"+url.PathEscape(parts[1]))
		return nil
	}
	return storage.ErrNotFound
}

// withStatic serves beside a handler what its pages load.
func withStatic(mux *http.ServeMux) *http.ServeMux {
	mux.Handle("GET "+static.Prefix, static.Handler())
	return mux
}
