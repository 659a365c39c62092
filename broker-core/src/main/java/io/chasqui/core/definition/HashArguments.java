package io.chasqui.core.definition;

import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.refusal.Refusal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the arguments of an {@code x-consistent-hash} exchange and the keys of its bindings may be,
 * in RabbitMQ's words. LavinMQ's {@code x-hash-on} is understood as {@code hash-header}.
 */
public final class HashArguments {

    private static final String HASH_HEADER = "hash-header";
    private static final String HASH_ON = "x-hash-on";
    private static final String HASH_PROPERTY = "hash-property";

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    private static final int MOST_WEIGHT = 10_000;

    private HashArguments() {}

    /** The header to hash by. */
    public static Optional<String> header(Arguments arguments) {
        return arguments.text(HASH_HEADER).or(() -> arguments.text(HASH_ON));
    }

    /** The property to hash by. */
    public static Optional<MessageProperty> property(Arguments arguments) {
        return arguments.text(HASH_PROPERTY).flatMap(MessageProperty::named);
    }

    /** The weight that a valid binding key gives. */
    public static int weight(String bindingKey) {
        return Integer.parseInt(bindingKey);
    }

    /**
     * Checks a new exchange.
     *
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    static void check(Resource exchange, Arguments arguments) {
        checkText(exchange, HASH_HEADER, arguments);
        checkText(exchange, HASH_ON, arguments);
        checkText(exchange, HASH_PROPERTY, arguments);
        Optional<String> property = arguments.text(HASH_PROPERTY);
        if (property.isPresent() && header(arguments).isPresent()) {
            throw new Refusal.PreconditionFailed(
                    "hash-header and hash-property are mutually exclusive");
        }
        if (property.isPresent() && property(arguments).isEmpty()) {
            throw new Refusal.PreconditionFailed("Unsupported property: " + property.get());
        }
    }

    /** Here RabbitMQ answers 541 and closes the connection. */
    private static void checkText(Resource exchange, String name, Arguments arguments) {
        if (arguments.contains(name) && arguments.text(name).isEmpty()) {
            throw ArgumentRules.invalidType(exchange, name, arguments);
        }
    }

    /**
     * Checks the key of a new binding, its weight.
     *
     * @throws Refusal.PreconditionFailed with RabbitMQ's text
     */
    static void checkWeight(String bindingKey) {
        if (!INTEGER.matcher(bindingKey).matches()) {
            throw new Refusal.PreconditionFailed(
                    "The binding key must be an integer: " + FieldValue.term(bindingKey));
        }
        BigInteger weight = new BigInteger(bindingKey);
        if (weight.signum() <= 0) {
            throw new Refusal.PreconditionFailed("The binding key must be greater than 0");
        }
        if (weight.compareTo(BigInteger.valueOf(MOST_WEIGHT)) > 0) {
            throw new Refusal.PreconditionFailed("The binding key must not exceed " + MOST_WEIGHT);
        }
    }
}
