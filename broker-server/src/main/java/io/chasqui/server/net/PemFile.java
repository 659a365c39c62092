package io.chasqui.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and private keys in PEM (RFC 7468). Keys may be PKCS#8, encrypted or not, or what
 * OpenSSL wrote before that: PKCS#1 for RSA, SEC 1 for elliptic curves.
 */
final class PemFile {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private static final byte[] ZERO = Der.element(Der.INTEGER, new byte[1]);
    private static final byte[] RSA_ENCRYPTION =
            Der.element(
                    Der.SEQUENCE,
                    Der.element(
                            Der.OBJECT_IDENTIFIER,
                            new byte[] {
                                0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1
                            }),
                    Der.element(Der.NULL));
    private static final byte[] EC_PUBLIC_KEY =
            Der.element(
                    Der.OBJECT_IDENTIFIER,
                    new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1});

    /** In SEC 1, the curve stands in an element tagged 0. */
    private static final int SEC1_PARAMETERS = 0xa0;

    private record Block(String label, String text) {

        byte[] octets() {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    private final Path path;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * @throws IOException if the file cannot be read, saying why
     */
    PemFile(Path path) throws IOException {
        this.path = path;
        try {
            Matcher found = BLOCK.matcher(Files.readString(path, ISO_8859_1));
            while (found.find()) {
                blocks.add(new Block(found.group(1), found.group(2)));
            }
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new IOException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Every certificate in the file, in its order.
     *
     * @throws IOException if there is none, or one is malformed
     */
    X509Certificate[] certificates() throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate)
                                    x509.generateCertificate(
                                            new ByteArrayInputStream(block.octets())));
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(path + ": a certificate is malformed: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(path + ": there is no certificate in PEM in it");
        }
        return certificates.toArray(X509Certificate[]::new);
    }

    /**
     * The first private key in the file.
     *
     * @param password for a key that is encrypted
     * @throws IOException if there is none that can be used, saying why
     */
    PrivateKey privateKey(String password) throws IOException {
        for (Block block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                try {
                    return decode(pkcs8(block, password));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new IOException(
                            path + ": the private key cannot be used: " + e.getMessage(), e);
                }
            }
        }
        throw new IOException(path + ": there is no private key in PEM in it");
    }

    private PKCS8EncodedKeySpec pkcs8(Block block, String password)
            throws IOException, GeneralSecurityException {
        if (block.text().contains("Proc-Type")) {
            throw new IOException(
                    path
                            + ": the private key is encrypted in a way of the past; convert it with"
                            + " openssl pkcs8 -topk8");
        }
        byte[] octets = block.octets();
        return switch (block.label()) {
            case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(octets);
            case "ENCRYPTED PRIVATE KEY" -> decrypt(octets, password);
            case "RSA PRIVATE KEY" -> shell(RSA_ENCRYPTION, octets);
            case "EC PRIVATE KEY" -> shell(curveOf(octets), octets);
            default -> throw new IOException(path + ": unknown kind of key, " + block.label());
        };
    }

    /** PrivateKeyInfo of RFC 5208 around a key. */
    private static PKCS8EncodedKeySpec shell(byte[] algorithm, byte[] key) {
        return new PKCS8EncodedKeySpec(
                Der.element(Der.SEQUENCE, ZERO, algorithm, Der.element(Der.OCTET_STRING, key)));
    }

    private static byte[] curveOf(byte[] sec1) {
        byte[] curve = Der.first(SEC1_PARAMETERS, Der.first(Der.SEQUENCE, sec1));
        return Der.element(Der.SEQUENCE, EC_PUBLIC_KEY, curve);
    }

    private PKCS8EncodedKeySpec decrypt(byte[] octets, String password)
            throws IOException, GeneralSecurityException {
        if (password.isEmpty()) {
            throw new IOException(path + ": the private key is encrypted and there is no password");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(octets);
        String algorithm =
                info.getAlgName().equals(PBES2) || info.getAlgName().equals("PBES2")
                        ? info.getAlgParameters().toString()
                        : info.getAlgName();
        Key key =
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private PrivateKey decode(PKCS8EncodedKeySpec key)
            throws IOException, GeneralSecurityException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(key);
            } catch (InvalidKeySpecException _) {
                // Not of this kind.
            }
        }
        throw new IOException(path + ": the private key is none of " + KEY_ALGORITHMS);
    }
}
