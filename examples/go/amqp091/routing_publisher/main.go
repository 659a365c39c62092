// Publishes one message for each severity given to the direct exchange "direct_logs".
//
//	routing_publisher SEVERITY...
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"

	amqp "github.com/rabbitmq/amqp091-go"
)

func main() {
	if err := publish(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func publish(severities []string) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	if err := ch.ExchangeDeclare("direct_logs", "direct", true, false, false, false, nil); err != nil {
		return err
	}
	for _, severity := range severities {
		// A direct exchange leads to the queues bound with exactly this routing key.
		err := ch.PublishWithContext(context.Background(), "direct_logs", severity, false, false, amqp.Publishing{
			ContentType: "text/plain",
			Body:        []byte("it happened"),
		})
		if err != nil {
			return err
		}
		fmt.Println("sent", severity)
	}
	return nil
}
