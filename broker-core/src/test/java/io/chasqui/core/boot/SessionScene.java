package io.chasqui.core.boot;

import io.chasqui.core.session.Subscription;
import java.io.IOException;
import java.nio.file.Path;

/** Things of a session that a test of another package needs one of. */
public final class SessionScene {

    private SessionScene() {}

    /** A subscription to some queue, of a broker that is closed again. */
    public static Subscription anySubscription(Path directory) throws IOException {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            CoreFixture.Client client = fixture.client(0);
            client.declare("q", false);
            return client.consume("q", false, 1).subscription;
        }
    }
}
