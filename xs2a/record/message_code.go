package record

import (
	"net/http"
	"strconv"
)

// messageCodes are the codes of messages the specifications define. Nothing
// else under the name "code" is taken for one by its looks.
var messageCodes = wordSet(
	// BG 1.3.12 section 14.11
	"CERTIFICATE_INVALID", "ROLE_INVALID", "CERTIFICATE_EXPIRED", "CERTIFICATE_BLOCKED", "CERTIFICATE_REVOKE", "CERTIFICATE_REVOKED", "CERTIFICATE_MISSING",
	"SIGNATURE_INVALID", "SIGNATURE_MISSING", "FORMAT_ERROR", "PARAMETER_NOT_CONSISTENT", "PARAMETER_NOT_SUPPORTED", "PSU_CREDENTIALS_INVALID",
	"SERVICE_INVALID", "SERVICE_BLOCKED", "CORPORATE_ID_INVALID", "CONSENT_UNKNOWN", "CONSENT_INVALID", "CONSENT_EXPIRED", "TOKEN_UNKNOWN",
	"TOKEN_INVALID", "TOKEN_EXPIRED", "RESOURCE_UNKNOWN", "RESOURCE_EXPIRED", "RESOURCE_BLOCKED", "TIMESTAMP_INVALID", "PERIOD_INVALID",
	"SCA_METHOD_UNKNOWN", "SCA_INVALID", "STATUS_INVALID", "SESSIONS_NOT_SUPPORTED", "ACCESS_EXCEEDED", "REQUESTED_FORMATS_INVALID",
	"PRODUCT_INVALID", "PRODUCT_UNKNOWN", "PAYMENT_FAILED", "EXECUTION_DATE_INVALID", "REQUIRED_KID_MISSING", "CARD_INVALID", "NO_PIIS_ACTIVATION",
	"REFERENCE_MIX_INVALID", "REFERENCE_STATUS_INVALID", "CANCELLATION_INVALID", "INTERNAL_SERVER_ERROR",
	// RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1
	"invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope", "server_error", "temporarily_unavailable",
	"invalid_client", "invalid_grant", "unsupported_grant_type", "invalid_token", "insufficient_scope",
)

// messageCode reports whether a text is a code of a message wherever it stands:
// one of the list, or an HTTP status.
func messageCode(s string) bool {
	if messageCodes[s] {
		return true
	}
	status, err := strconv.Atoi(s)
	return err == nil && http.StatusText(status) != "" && len(s) == 3
}
