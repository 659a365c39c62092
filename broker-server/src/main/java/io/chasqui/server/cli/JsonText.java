package io.chasqui.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import java.util.Map;

/** JSON on the command line. */
final class JsonText {

    private JsonText() {}

    /**
     * Any JSON value; what is none counts as a text, so that texts need no quotes.
     */
    static Object value(String text) {
        try {
            Object value =
                    Json.readObject(("{\"value\":" + text + "}").getBytes(UTF_8)).get("value");
            return value == null ? text : value;
        } catch (HttpRefusal _) {
            return text;
        }
    }

    /**
     * @throws AdminFailure if it is no JSON object
     */
    static Map<String, Object> object(String text) {
        try {
            return Json.readObject(text.getBytes(UTF_8));
        } catch (HttpRefusal e) {
            throw new AdminFailure(AdminFailure.FAILED, "'" + text + "' is no JSON object");
        }
    }
}
