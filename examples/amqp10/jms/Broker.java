import jakarta.jms.ConnectionFactory;
import java.net.URI;
import org.apache.qpid.jms.JmsConnectionFactory;

/** Where the broker is: {@code AMQP_URL}, as all the examples have it. */
class Broker {
    static final int PATIENCE_MS = 30_000;

    static ConnectionFactory factory() {
        var url = URI.create(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F"));
        var user = url.getUserInfo().split(":", 2);
        var port = url.getPort() < 0 ? 5672 : url.getPort();
        var vhost = url.getPath().length() > 1 ? url.getPath().substring(1) : "/";
        // The virtual host goes where other brokers expect the name of their host.
        return new JmsConnectionFactory(
                user[0], user[1], "amqp://" + url.getHost() + ":" + port + "?amqp.vhost=vhost:" + vhost);
    }
}
