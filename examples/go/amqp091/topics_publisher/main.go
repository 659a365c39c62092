// Publishes one message for each topic given to the topic exchange "topic_logs".
//
//	topics_publisher TOPIC...
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

func publish(topics []string) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	if err := ch.ExchangeDeclare("topic_logs", "topic", true, false, false, false, nil); err != nil {
		return err
	}
	for _, topic := range topics {
		// A topic is words joined by dots, such as "kern.critical".
		err := ch.PublishWithContext(context.Background(), "topic_logs", topic, false, false, amqp.Publishing{
			ContentType: "text/plain",
			Body:        []byte("it happened"),
		})
		if err != nil {
			return err
		}
		fmt.Println("sent", topic)
	}
	return nil
}
