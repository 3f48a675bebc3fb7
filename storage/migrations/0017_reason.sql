-- +goose Up

-- Why something did not come about is kept as a code with arguments (storage.Reason).
-- What an older version kept as a sentence becomes its code where it is one of those
-- below, said of the bank beside it; any other stays a text.
CREATE TEMP TABLE said (of_bank INTEGER NOT NULL, sentence TEXT NOT NULL, code TEXT NOT NULL, before TEXT NOT NULL DEFAULT ''); -- what stands before the bank's name
INSERT INTO said (of_bank, sentence, code) VALUES
	(1, ' could not be reached.', 'unreachable'),
	(1, ' answered in a way Consentry does not understand.', 'malformed'),
	(1, ' refused the request.', 'refused'),
	(1, ' refused access.', 'accessRefused'),
	(1, ' says that this permission has expired.', 'consentExpired'),
	(1, ' does not accept this permission for what was asked.', 'consentNotAccepted'),
	(1, ' allows no more reads of this kind today.', 'tooOften'),
	(1, ' does not accept the period asked for.', 'tooLongAgo'),
	(1, ' does not accept the signature of the request.', 'wrongSignature'),
	(1, ' does not accept the certificate.', 'wrongCertificate'),
	(1, ' has blocked this service.', 'serviceBlocked'),
	(1, ' did not accept the confirmation it sent you back with.', 'wrongGrant'),
	(1, ' asks for a pause.', 'pause'),
	(1, ' has a technical problem.', 'bankFault'),
	(1, ' sends more transactions than Consentry takes in one fetch.', 'endless'),
	(1, ' answered with a link that cannot be followed.', 'linkUnusable'),
	(1, ' wants your password encrypted, and its key is not known here.', 'passwordKeyUnknown'),
	(0, 'Something went wrong inside Consentry.', 'inside'),
	(0, 'The disk is full, so Consentry could not store this.', 'full'),
	(0, 'The disk takes no changes, so Consentry could not store this.', 'readOnly'),
	(0, 'Consentry may not use its own files any more.', 'notAllowed'),
	(0, 'Consentry cannot open its own files any more.', 'notOpened'),
	(0, 'The disk gave an error, so Consentry could not store or read this.', 'broken'),
	(0, 'A part of the database is damaged.', 'damaged'),
	(0, 'The client id or secret of this environment is not accepted.', 'wrongClient'),
	(0, 'The fetch stopped, as no page of Consentry was open any more.', 'fetchLeft'),
	(0, 'You came back from the bank too late.', 'cameTooLate'),
	(0, 'The bank did not accept the code you came back with.', 'codeNotAccepted'),
	(0, 'The bank sent you back without a confirmation.', 'nothingConfirms');
INSERT INTO said (of_bank, before, sentence, code) VALUES
	(1, 'The permission at ', ' is not in force.', 'notInForce'),
	(1, 'Consentry has read ', ' without you as often as the permission allows.', 'quotaUsed');

UPDATE consent SET told_error = COALESCE((SELECT CASE WHEN of_bank THEN json_object('code', code, 'bank', bank_name) ELSE json_object('code', code) END
	FROM said WHERE told_error = before || CASE WHEN of_bank THEN bank_name ELSE '' END || sentence), json_object('code', 'text', 'text', told_error)) WHERE told_error <> '';
UPDATE consent SET fetch_error = COALESCE((SELECT CASE WHEN of_bank THEN json_object('code', code, 'bank', bank_name) ELSE json_object('code', code) END
	FROM said WHERE fetch_error = before || CASE WHEN of_bank THEN bank_name ELSE '' END || sentence), json_object('code', 'text', 'text', fetch_error)) WHERE fetch_error <> '';

UPDATE environment SET directory_error = COALESCE(
	(SELECT json_object('code', code, 'who', 'directory', 'name', name) FROM said WHERE of_bank AND directory_error = 'The bank directory of “' || name || '”' || sentence),
	(SELECT json_object('code', code) FROM said WHERE NOT of_bank AND directory_error = sentence),
	json_object('code', 'text', 'text', directory_error)) WHERE directory_error <> '';

-- What the program itself says of an authorisation stands apart from the bank's words.
ALTER TABLE authorisation ADD COLUMN reason TEXT NOT NULL DEFAULT '';
UPDATE authorisation SET reason = (SELECT json_object('code', code) FROM said WHERE NOT of_bank AND message = sentence), message = ''
	WHERE message IN (SELECT sentence FROM said WHERE NOT of_bank);
UPDATE authorisation SET message = '', reason = (SELECT json_object('code', code, 'bank', bank_name) FROM consent JOIN said ON of_bank AND message = before || bank_name || sentence WHERE consent.id = subject_id)
	WHERE EXISTS (SELECT 1 FROM consent JOIN said ON of_bank AND message = before || bank_name || sentence WHERE consent.id = subject_id);
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
UPDATE exchange SET row_bytes = row_bytes - length(CAST(step AS BLOB)) + (SELECT length(CAST(named.id AS BLOB)) FROM named WHERE words = step),
	step = (SELECT named.id FROM named WHERE words = step)
	WHERE step IN (SELECT words FROM named);
-- Of the same length:
UPDATE exchange SET step = 'getTransactionListOf ' || substr(step, 22) WHERE step LIKE 'Read transactions of %';

DROP TABLE named;
DROP TABLE said;
