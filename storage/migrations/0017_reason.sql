-- +goose Up

-- Why something did not come about is kept as a code with arguments (storage.Reason).
-- What an older version kept as a sentence becomes its code where it is one of those
-- below, said of the bank beside it; any other stays a text. A sentence is its head;
-- where more of it differs, that stands behind the head and before the tail: a name,
-- and behind the middle a text.
CREATE TEMP TABLE said (code TEXT NOT NULL, head TEXT NOT NULL, middle TEXT, tail TEXT);
INSERT INTO said (code, head) VALUES
	('unreachable', '{bank} could not be reached.'),
	('malformed', '{bank} answered in a way Consentry does not understand.'),
	('refused', '{bank} refused the request.'),
	('accessRefused', '{bank} refused access.'),
	('consentExpired', '{bank} says that this permission has expired.'),
	('consentNotAccepted', '{bank} does not accept this permission for what was asked.'),
	('tooOften', '{bank} allows no more reads of this kind today.'),
	('tooLongAgo', '{bank} does not accept the period asked for.'),
	('wrongSignature', '{bank} does not accept the signature of the request.'),
	('wrongCertificate', '{bank} does not accept the certificate.'),
	('serviceBlocked', '{bank} has blocked this service.'),
	('wrongClient', 'The client id or secret of this environment is not accepted.'),
	('wrongGrant', '{bank} did not accept the confirmation it sent you back with.'),
	('pause', '{bank} asks for a pause.'),
	('bankFault', '{bank} has a technical problem.'),
	('endless', '{bank} sends more transactions than Consentry takes in one fetch.'),
	('linkUnusable', '{bank} answered with a link that cannot be followed.'),
	('serverUnknown', 'Where you would approve at {bank}, or where that is confirmed, is not known.'),
	('passwordKeyUnknown', '{bank} wants your password encrypted, and its key is not known here.'),
	('quotaUsed', 'Consentry has read {bank} without you as often as the permission allows.'),
	('notInForce', 'The permission at {bank} is not in force.'),
	('fetchLeft', 'The fetch stopped, as no page of Consentry was open any more.'),
	('inside', 'Something went wrong inside Consentry.'),
	('full', 'The disk is full, so Consentry could not store this.'),
	('readOnly', 'The disk takes no changes, so Consentry could not store this.'),
	('notAllowed', 'Consentry may not use its own files any more.'),
	('notOpened', 'Consentry cannot open its own files any more.'),
	('broken', 'The disk gave an error, so Consentry could not store or read this.'),
	('damaged', 'A part of the database is damaged.'),
	('cameTooLate', 'You came back from the bank too late.'),
	('codeNotAccepted', 'The bank did not accept the code you came back with.'),
	('nothingConfirms', 'The bank sent you back without a confirmation.'),
	('issuerMissing', 'The return does not say which server it comes from, though the bank''s always does. Nothing of it was used. If that is your bank''s own server, its name belongs into the environment (issuer).');
INSERT INTO said (code, head, tail) VALUES
	('hostUnknown', '{bank} leads to a host that is not known as its own: ', '.'),
	('linkElsewhere', '{bank} answered with a link that leads elsewhere: to ', '.'),
	('saidTwice', 'The return says ', ' twice, which no bank does. Nothing of it was used.');
INSERT INTO said (code, head, middle, tail) VALUES
	('environmentUnusable', 'The environment “', '” cannot be used: ', '.'),
	('issuerOther', 'The return came from another server than the bank''s: it names itself "', '", and the person was sent to "',
		'". Nothing of it was used. If that is your bank''s own server, its name belongs into the environment (issuer).');

-- All sentences there are, each with who is named in it.
CREATE TEMP TABLE heard AS
	SELECT told_error AS sentence, bank_name AS bank, NULL AS directory FROM consent WHERE told_error <> ''
	UNION SELECT fetch_error, bank_name, NULL FROM consent WHERE fetch_error <> ''
	UNION SELECT args ->> 'reason', bank_name, NULL FROM consent_event e JOIN consent c ON c.id = e.consent_id WHERE kind IN ('tellRefused', 'tellFailed')
	UNION SELECT message, bank_name, NULL FROM authorisation JOIN consent ON consent.id = subject_id WHERE message <> ''
	UNION SELECT directory_error, 'The bank directory of “' || name || '”', name FROM environment WHERE directory_error <> '';

-- What they mean. Of a directory there is room for one name: its own.
CREATE TEMP TABLE meant AS
	WITH begun AS (
		SELECT heard.*, code, middle, tail, instr(head, '{bank}') > 0 AS of_bank, replace(head, '{bank}', bank) AS head FROM heard, said
	), fits AS (
		SELECT *, substr(sentence, length(head) + 1, length(sentence) - length(head) - length(coalesce(tail, ''))) AS rest FROM begun
		WHERE CASE WHEN tail IS NULL THEN sentence = head ELSE length(sentence) > length(head) + length(tail)
			AND substr(sentence, 1, length(head)) = head AND substr(sentence, -length(tail)) = tail AND NOT (of_bank AND directory IS NOT NULL) END
	)
	SELECT sentence, bank, json_patch('{}', json_object('code', code,
			'who', CASE WHEN of_bank AND directory IS NOT NULL THEN 'directory' END,
			'bank', CASE WHEN of_bank AND directory IS NULL THEN bank END,
			'name', CASE WHEN tail IS NULL THEN iif(of_bank, directory, NULL) WHEN middle IS NULL THEN rest ELSE substr(rest, 1, instr(rest, middle) - 1) END,
			'text', substr(rest, instr(rest, middle) + length(middle)))) AS reason
		FROM fits WHERE middle IS NULL OR instr(rest, middle) > 0;
-- Names of servers are kept with their quotation marks.
UPDATE meant SET reason = json_set(reason, '$.name', '"' || (reason ->> 'name') || '"', '$.text', '"' || (reason ->> 'text') || '"')
	WHERE reason ->> 'code' = 'issuerOther';

UPDATE consent SET told_error = coalesce((SELECT reason FROM meant WHERE sentence = told_error AND bank = bank_name), json_object('code', 'text', 'text', told_error))
	WHERE told_error <> '';
UPDATE consent SET fetch_error = coalesce((SELECT reason FROM meant WHERE sentence = fetch_error AND bank = bank_name), json_object('code', 'text', 'text', fetch_error))
	WHERE fetch_error <> '';
UPDATE consent_event AS e SET args = json_set(json_remove(args, '$.reason'), '$.because', json(reason))
	FROM consent c JOIN meant ON bank = bank_name WHERE c.id = e.consent_id AND sentence = args ->> 'reason' AND kind IN ('tellRefused', 'tellFailed');
UPDATE environment SET directory_error = coalesce((SELECT reason FROM meant WHERE sentence = directory_error AND bank = 'The bank directory of “' || name || '”'),
	json_object('code', 'text', 'text', directory_error)) WHERE directory_error <> '';

-- What the program itself says of an authorisation stands apart from the bank's words.
ALTER TABLE authorisation ADD COLUMN reason TEXT NOT NULL DEFAULT '';
UPDATE authorisation SET message = '', reason = meant.reason
	FROM consent JOIN meant ON bank = bank_name WHERE consent.id = subject_id AND sentence = message;
UPDATE authorisation SET reason = json_object('code', 'text', 'text', message), message = '' WHERE outcome = 'misled' AND message <> '';

-- The usual purpose is said in the reader's language: it is kept as nothing.
UPDATE consent SET purpose = '' WHERE purpose = 'See all my accounts in one place';

-- An exchange names its operation by the id of the definition it is from.
CREATE TEMP TABLE named (words TEXT PRIMARY KEY, id TEXT NOT NULL);
INSERT OR IGNORE INTO named VALUES
	('Fetch a bank''s logo', 'getLogo'),
	('Start the authorisation of the cancellation', 'startPaymentInitiationCancellationAuthorisation'),
	('List the authorisations of the cancellation', 'getPaymentInitiationCancellationAuthorisationInformation'),
	('Ask for the SCA status of the cancellation', 'getPaymentCancellationScaStatus'),
	('Go on with the authorisation of the cancellation', 'updatePaymentCancellationPsuData'),
	('Start the authorisation of the payment', 'startPaymentAuthorisation'),
	('List the authorisations of the payment', 'getPaymentInitiationAuthorisation'),
	('Ask for the SCA status of the payment', 'getPaymentInitiationScaStatus'),
	('Go on with the authorisation of the payment', 'updatePaymentPsuData'),
	('Ask for the payment''s status', 'getPaymentInitiationStatus'),
	('Read the payment back', 'getPaymentInformation'),
	('Cancel the payment', 'cancelPayment'),
	('Send the payment', 'initiatePayment'),
	('Start the authorisation', 'startConsentAuthorisation'),
	('List the authorisations', 'getConsentAuthorisation'),
	('Ask for the SCA status', 'getConsentScaStatus'),
	('Go on with the authorisation', 'updateConsentsPsuData'),
	('Ask for the consent''s status', 'getConsentStatus'),
	('Read the consent back', 'getConsentInformation'),
	('End the consent', 'deleteConsent'),
	('Ask for the consent', 'createConsent'),
	('Ask for fresh data', 'refreshAccounts'),
	('Ask how far the refresh is', 'getRefreshStatus'),
	('Read card transactions', 'getCardAccountTransactionList'),
	('Read card balances', 'getCardAccountBalances'),
	('Read a card account', 'readCardAccountDetails'),
	('List the card accounts', 'getCardAccountList'),
	('Read one transaction', 'getTransactionDetails'),
	('Read transactions', 'getTransactionList'),
	('Read balances', 'getBalances'),
	('Read an account', 'readAccountDetails'),
	('List the accounts', 'getAccountList'),
	('Ask whether funds suffice', 'checkAvailabilityOfFunds'),
	('Read a bank''s details', 'getASPSP'),
	('List the banks', 'getASPSPs'),
	('List the cities', 'getCities'),
	('List the countries', 'getCountries'),
	('Read the product catalogue', 'getProducts'),
	('Discover the authorisation server', 'getServerMetadata'),
	('Get an access token', 'getClientToken'),
	('Exchange the code', 'exchangeCode'),
	('Refresh the access token', 'refreshToken'),
	('Send the code', 'sendCode'),
	('Send the confirmation code', 'sendConfirmationCode'),
	('Choose the method', 'selectMethod'),
	('Log in at the bank', 'sendPassword'),
	('Say who you are', 'sendPSUID');
-- Passwords that went encrypted are told by the body alone, while it is kept.
UPDATE exchange SET row_bytes = row_bytes - length(step) + length('sendEncryptedPassword'), step = 'sendEncryptedPassword'
	WHERE step = 'Log in at the bank' AND instr(request ->> 'Body', '"encryptedPassword"') > 0;
UPDATE exchange SET row_bytes = row_bytes - length(CAST(step AS BLOB)) + (SELECT length(CAST(named.id AS BLOB)) FROM named WHERE words = step),
	step = (SELECT named.id FROM named WHERE words = step)
	WHERE step IN (SELECT words FROM named);
-- Of the same length:
UPDATE exchange SET step = 'getTransactionListOf ' || substr(step, 22) WHERE step LIKE 'Read transactions of %';

DROP TABLE named;
DROP TABLE meant;
DROP TABLE heard;
DROP TABLE said;
