package io.chasqui.server.management;

import io.chasqui.server.http.HttpRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How much of the past a client asks for: {@code lengths_age=60&lengths_incr=5} for a minute of queue
 * lengths in steps of five seconds.
 *
 * @param ageMs how far back; 0 for not at all
 * @param stepMs how far apart
 */
record Past(long ageMs, long stepMs) {

    /** Not asked for. */
    static final Past NONE = new Past(0, 0);

    /** Of how many messages there are. */
    static Past lengths(Call call) throws HttpRefusal {
        return asked(call, "lengths");
    }

    /** Of what happened to messages. */
    static Past messageRates(Call call) throws HttpRefusal {
        return asked(call, "msg_rates");
    }

    /** Of octets. */
    static Past dataRates(Call call) throws HttpRefusal {
        return asked(call, "data_rates");
    }

    /** Whether any of it is asked for. */
    static boolean isAsked(Call call) throws HttpRefusal {
        return lengths(call).isAsked() || messageRates(call).isAsked() || dataRates(call).isAsked();
    }

    private static Past asked(Call call, String what) throws HttpRefusal {
        Optional<String> age = call.query(what + "_age");
        Optional<String> step = call.query(what + "_incr");
        if (age.isEmpty() || step.isEmpty()) {
            return NONE;
        }
        return new Past(ms(age.get()), ms(step.get()));
    }

    private static long ms(String seconds) throws HttpRefusal {
        try {
            return TimeUnit.SECONDS.toMillis(Math.max(0, Integer.parseInt(seconds)));
        } catch (NumberFormatException _) {
            throw HttpRefusal.badRequest("not a number of seconds: " + seconds);
        }
    }

    boolean isAsked() {
        return ageMs > 0;
    }

    /** Those of the looks, newest first, that are asked for. */
    List<Sample.Look> of(List<Sample.Look> looks) {
        List<Sample.Look> found = new ArrayList<>();
        long fromMs = looks.isEmpty() ? 0 : looks.getFirst().atMs() - ageMs;
        long nextMs = Long.MAX_VALUE;
        for (Sample.Look look : looks) {
            if (look.atMs() >= fromMs && look.atMs() <= nextMs) {
                found.add(look);
                nextMs = look.atMs() - stepMs;
            }
        }
        return found;
    }
}
