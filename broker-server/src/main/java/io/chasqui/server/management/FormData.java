package io.chasqui.server.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.chasqui.server.http.HttpRefusal;
import java.util.Locale;

/** Forms with files (RFC 7578), as browsers and curl send them. */
final class FormData {

    private static final String TYPE = "multipart/form-data";
    private static final String LINE_END = "\r\n";

    private FormData() {}

    static boolean isForm(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
    }

    /**
     * The content of one field.
     *
     * @throws HttpRefusal if there is none of that name
     */
    static byte[] part(String contentType, byte[] body, String field) throws HttpRefusal {
        // Octets as characters of the same value, so that nothing is lost.
        String text = new String(body, ISO_8859_1);
        String delimiter = LINE_END + "--" + boundary(contentType);
        String all = LINE_END + text;
        for (int at = all.indexOf(delimiter); at >= 0; ) {
            int from = at + delimiter.length();
            int end = all.indexOf(delimiter, from);
            int blank = all.indexOf(LINE_END + LINE_END, from);
            if (end >= 0 && blank >= 0 && blank < end && isOf(all.substring(from, blank), field)) {
                return all.substring(blank + 2 * LINE_END.length(), Math.max(blank + 4, end))
                        .getBytes(ISO_8859_1);
            }
            at = end;
        }
        throw HttpRefusal.badRequest("the form has no field '" + field + "'");
    }

    private static String boundary(String contentType) throws HttpRefusal {
        String parameter = "boundary=";
        int at = contentType.toLowerCase(Locale.ROOT).indexOf(parameter);
        if (at < 0) {
            throw HttpRefusal.badRequest("a form without boundary");
        }
        String value = contentType.substring(at + parameter.length());
        int end = value.indexOf(';');
        String boundary = (end < 0 ? value : value.substring(0, end)).strip();
        return boundary.startsWith("\"") && boundary.endsWith("\"") && boundary.length() > 1
                ? boundary.substring(1, boundary.length() - 1)
                : boundary;
    }

    private static boolean isOf(String headers, String field) {
        for (String line : headers.split(LINE_END, -1)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-disposition:")
                    && (line.contains(" name=\"" + field + "\"")
                            || line.contains(";name=\"" + field + "\"")
                            || lower.endsWith(" name=" + field))) {
                return true;
            }
        }
        return false;
    }
}
