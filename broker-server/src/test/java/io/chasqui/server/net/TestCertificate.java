package io.chasqui.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate made for one test, with its key. */
public final class TestCertificate {

    private static final byte[] ECDSA_WITH_SHA256 =
            Der.element(Der.SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
    private static final byte[] COMMON_NAME = oid(0x55, 4, 3);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
    private static final byte[] ALTERNATIVE_NAME = oid(0x55, 0x1d, 0x11);
    private static final int UTF8 = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SET = 0x31;
    private static final int BOOLEAN = 0x01;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int IP_ADDRESS = 0x87;

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestCertificate(String name, KeyPair keys, X509Certificate certificate) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
    }

    private static byte[] oid(int... octets) {
        byte[] contents = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            contents[i] = (byte) octets[i];
        }
        return Der.element(Der.OBJECT_IDENTIFIER, contents);
    }

    static KeyPair ellipticKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    /** One that vouches for itself, good for 127.0.0.1. */
    public static TestCertificate selfSigned(String name) throws Exception {
        KeyPair keys = ellipticKeys();
        return new TestCertificate(name, keys, make(name, keys, name, keys));
    }

    /** One that this one vouches for. */
    TestCertificate issue(String subject) throws Exception {
        KeyPair subjects = ellipticKeys();
        return new TestCertificate(subject, subjects, make(subject, subjects, name, keys));
    }

    private static X509Certificate make(
            String subject, KeyPair subjects, String issuer, KeyPair issuers) throws Exception {
        byte[] body =
                Der.element(
                        Der.SEQUENCE,
                        Der.element(VERSION, integer(2)),
                        integer(System.nanoTime()),
                        ECDSA_WITH_SHA256,
                        distinguishedName(issuer),
                        Der.element(
                                Der.SEQUENCE,
                                Der.element(UTC_TIME, "200101000000Z".getBytes(US_ASCII)),
                                Der.element(UTC_TIME, "491231235959Z".getBytes(US_ASCII))),
                        distinguishedName(subject),
                        subjects.getPublic().getEncoded(),
                        Der.element(
                                EXTENSIONS,
                                Der.element(
                                        Der.SEQUENCE,
                                        extension(
                                                BASIC_CONSTRAINTS,
                                                Der.element(
                                                        Der.SEQUENCE,
                                                        Der.element(BOOLEAN, new byte[] {-1}))),
                                        extension(
                                                ALTERNATIVE_NAME,
                                                Der.element(
                                                        Der.SEQUENCE,
                                                        Der.element(
                                                                IP_ADDRESS,
                                                                new byte[] {127, 0, 0, 1}))))));
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(issuers.getPrivate());
        signer.update(body);
        byte[] whole =
                Der.element(
                        Der.SEQUENCE,
                        body,
                        ECDSA_WITH_SHA256,
                        Der.element(Der.BIT_STRING, new byte[1], signer.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] integer(long value) {
        return Der.element(Der.INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] distinguishedName(String name) {
        byte[] pair =
                Der.element(Der.SEQUENCE, COMMON_NAME, Der.element(UTF8, name.getBytes(US_ASCII)));
        return Der.element(Der.SEQUENCE, Der.element(SET, pair));
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return Der.element(Der.SEQUENCE, id, Der.element(Der.OCTET_STRING, value));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Writes the certificate to a PEM file. */
    public Path writeCertificate(Path file) throws Exception {
        return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    /** Writes the key to a PEM file. */
    public Path writeKey(Path file) throws Exception {
        return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    static String pem(String label, byte[] octets) {
        return "some text before\n-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets)
                + "\n-----END "
                + label
                + "-----\n";
    }

    /** A client that trusts this certificate. */
    SSLContext trustingClient() throws Exception {
        return client(null);
    }

    /** A client that trusts this certificate and shows one of its own. */
    SSLContext client(TestCertificate shown) throws Exception {
        char[] password = {};
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("broker", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (shown != null) {
            own.setKeyEntry(
                    "own",
                    shown.keys.getPrivate(),
                    password,
                    new X509Certificate[] {shown.certificate});
        }
        identity.init(own, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
