package io.chasqui.server.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as the broker offers it: versions 1.2 and 1.3, the JDK's own implementation, certificates from
 * PEM files. When the files change, connections from then on get the new certificate.
 *
 * <p>The expensive part of a handshake happens on threads of its own, so that it holds up no queue.
 */
public final class Tls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final long NOT_THERE = -1;

    private final Credentials files;
    private final long handshakeTimeoutMs;
    private final ExecutorService handshakes =
            Executors.newFixedThreadPool(
                    Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                    task -> Thread.ofPlatform().daemon().name("chasqui-tls").unstarted(task));
    private List<Stamp> stamps;
    private volatile SslContext context;

    /** Whether clients must show a certificate. */
    public enum ClientCertificates {
        NONE(ClientAuth.NONE),
        OPTIONAL(ClientAuth.OPTIONAL),
        REQUIRED(ClientAuth.REQUIRE);

        private final ClientAuth netty;

        ClientCertificates(ClientAuth netty) {
            this.netty = netty;
        }
    }

    /**
     * What is read.
     *
     * @param certificate the broker's, followed by those that vouch for it
     * @param key the certificate's private key
     * @param keyPassword for a key that is encrypted, else empty
     * @param authorities whom to believe about clients
     */
    public record Credentials(
            Path certificate,
            Path key,
            String keyPassword,
            Optional<Path> authorities,
            ClientCertificates clientCertificates) {

        @Override
        public String toString() {
            return "Credentials[" + certificate + "]";
        }
    }

    /** A file as it was when it was read: time, size and identity. */
    private record Stamp(long modifiedMs, long bytes, String identity) {}

    /**
     * @throws IOException if a file cannot be used, saying which and why
     */
    public Tls(Credentials files, long handshakeTimeoutMs) throws IOException {
        this.files = files;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
        this.stamps = stamps();
        this.context = load(files);
    }

    /**
     * When the first of the certificates in the file ends.
     *
     * @throws IOException if the file cannot be read
     */
    public Instant expires() throws IOException {
        return Arrays.stream(new PemFile(files.certificate()).certificates())
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** The handler that encrypts a new connection. */
    SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, handshakes);
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMs);
        return handler;
    }

    /**
     * Reads the files again if they have changed since they were read. Files that cannot be used
     * change nothing, and are told of once.
     */
    public synchronized void refresh() {
        List<Stamp> now = stamps();
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            context = load(files);
            LOG.info("TLS certificate read again: {}", files.certificate());
        } catch (IOException e) {
            LOG.error(
                    "the changed TLS certificate is not used, the one before goes on: {}",
                    e.getMessage());
        }
    }

    private List<Stamp> stamps() {
        return Stream.concat(
                        Stream.of(files.certificate(), files.key()), files.authorities().stream())
                .map(Tls::stamp)
                .toList();
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    is.lastModifiedTime().toMillis(), is.size(), String.valueOf(is.fileKey()));
        } catch (IOException _) {
            return new Stamp(NOT_THERE, NOT_THERE, "");
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be used, saying which and why
     */
    static SslContext load(Credentials files) throws IOException {
        X509Certificate[] chain = new PemFile(files.certificate()).certificates();
        PrivateKey key = new PemFile(files.key()).privateKey(files.keyPassword());
        if (!belongTogether(chain[0], key)) {
            throw new IOException(
                    files.key() + " is not the key of the certificate in " + files.certificate());
        }
        SslContextBuilder builder =
                SslContextBuilder.forServer(key, chain)
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .clientAuth(files.clientCertificates().netty);
        if (files.authorities().isPresent()) {
            builder.trustManager(new PemFile(files.authorities().get()).certificates());
        }
        return builder.build();
    }

    /** Signs something to see whether the certificate says it is signed rightly. */
    private static boolean belongTogether(X509Certificate certificate, PrivateKey key)
            throws IOException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    case "RSASSA-PSS" -> "RSASSA-PSS";
                    default -> "SHA256withRSA";
                };
        byte[] text = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(text);
            return signer.verify(signature);
        } catch (GeneralSecurityException _) {
            // Of different kinds, such as an RSA key and an elliptic certificate.
            return false;
        }
    }

    @Override
    public void close() {
        handshakes.shutdown();
    }
}
