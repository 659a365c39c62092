package io.chasqui.server.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tells a binding from others with the same ends: its routing key, percent-encoded, and behind
 * a tilde a digest of its arguments if it has any; a tilde alone for neither. Stands in a path,
 * where it is encoded once more.
 */
final class PropertiesKey {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int DIGEST_BYTES = 6;
    private static final String NEITHER = "~";

    private PropertiesKey() {}

    static String of(BindingDefinition binding) {
        String key = encoded(binding.routingKey());
        if (binding.arguments().isEmpty()) {
            return key.isEmpty() ? NEITHER : key;
        }
        return key + "~" + digest(binding.arguments());
    }

    /** Whether the part of a path, decoded once, means the binding; so it does decoded twice. */
    static boolean isMeant(String given, BindingDefinition binding) {
        return given.equals(of(binding))
                || (binding.arguments().isEmpty()
                        && !given.isEmpty()
                        && given.equals(binding.routingKey()));
    }

    /** As RabbitMQ does it: a space becomes a plus sign, and a tilde stays. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (c == ' ') {
                encoded.append('+');
            } else if (isPlain(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ".-_~".indexOf(c) >= 0;
    }

    private static String digest(Arguments arguments) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(canonical(arguments.asMap()).getBytes(UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Equal for equal tables, and for those alone: types count, order does not. */
    private static String canonical(@Nullable Object value) {
        return switch (value) {
            case null -> "void";
            case Map<?, ?> table -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                table.forEach((name, each) -> sorted.put(String.valueOf(name), canonical(each)));
                yield sorted.toString();
            }
            case List<?> list -> list.stream().map(PropertiesKey::canonical).toList().toString();
            default -> value.getClass().getSimpleName() + " " + value;
        };
    }
}
