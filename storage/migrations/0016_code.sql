-- +goose Up

-- Message codes are kept in one spelling, the Berlin Group's: error classes in camel
-- case become it.
UPDATE consent_read SET outcome = 'CONSENT_EXPIRED' WHERE outcome = 'ConsentExpired';
UPDATE consent_read SET outcome = 'CONSENT_INVALID' WHERE outcome = 'ConsentInvalid';
UPDATE consent_read SET outcome = 'CONSENT_UNKNOWN' WHERE outcome = 'ConsentUnknown';
UPDATE consent_read SET outcome = 'ACCESS_EXCEEDED' WHERE outcome = 'AccessExceeded';
UPDATE consent_read SET outcome = 'RESOURCE_UNKNOWN' WHERE outcome = 'ResourceUnknown';
UPDATE consent_read SET outcome = 'SIGNATURE_INVALID' WHERE outcome = 'SignatureInvalid';
UPDATE consent_read SET outcome = 'SIGNATURE_MISSING' WHERE outcome = 'SignatureMissing';
UPDATE consent_read SET outcome = 'CERTIFICATE_INVALID' WHERE outcome = 'CertificateInvalid';
UPDATE consent_read SET outcome = 'CERTIFICATE_MISSING' WHERE outcome = 'CertificateMissing';
UPDATE consent_read SET outcome = 'STATUS_INVALID' WHERE outcome = 'StatusInvalid';
UPDATE fetch_failure SET code = 'CONSENT_EXPIRED' WHERE code = 'ConsentExpired';
UPDATE fetch_failure SET code = 'CONSENT_INVALID' WHERE code = 'ConsentInvalid';
UPDATE fetch_failure SET code = 'CONSENT_UNKNOWN' WHERE code = 'ConsentUnknown';
UPDATE fetch_failure SET code = 'ACCESS_EXCEEDED' WHERE code = 'AccessExceeded';
UPDATE fetch_failure SET code = 'RESOURCE_UNKNOWN' WHERE code = 'ResourceUnknown';
UPDATE fetch_failure SET code = 'SIGNATURE_INVALID' WHERE code = 'SignatureInvalid';
UPDATE fetch_failure SET code = 'SIGNATURE_MISSING' WHERE code = 'SignatureMissing';
UPDATE fetch_failure SET code = 'CERTIFICATE_INVALID' WHERE code = 'CertificateInvalid';
UPDATE fetch_failure SET code = 'CERTIFICATE_MISSING' WHERE code = 'CertificateMissing';
UPDATE fetch_failure SET code = 'STATUS_INVALID' WHERE code = 'StatusInvalid';
