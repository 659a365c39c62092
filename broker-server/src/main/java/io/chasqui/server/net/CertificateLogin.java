package io.chasqui.server.net;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Which user a client is that shows a certificate which was vouched for (SASL EXTERNAL). */
public enum CertificateLogin {
    /** Nobody: a certificate does not replace logging in. */
    NONE,
    /** The common name of the certificate's subject. */
    COMMON_NAME,
    /** The whole name of the subject, as RFC 2253 writes it: {@code CN=client,O=example}. */
    DISTINGUISHED_NAME;

    /** By the name that the setting has for it. */
    public static CertificateLogin of(String setting) {
        return switch (setting) {
            case "common-name" -> COMMON_NAME;
            case "distinguished-name" -> DISTINGUISHED_NAME;
            default -> NONE;
        };
    }

    /** The user that the certificate names; empty if none. */
    Optional<String> user(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        return switch (this) {
            case NONE -> Optional.empty();
            case COMMON_NAME -> commonName(name);
            case DISTINGUISHED_NAME -> Optional.of(name).filter(text -> !text.isEmpty());
        };
    }

    private static Optional<String> commonName(String name) {
        try {
            return new LdapName(name)
                    .getRdns().reversed().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .findFirst();
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }
}
