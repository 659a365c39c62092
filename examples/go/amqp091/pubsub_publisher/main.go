// Broadcasts to everyone who listens to the fanout exchange "logs".
//
//	pubsub_publisher [count]
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	amqp "github.com/rabbitmq/amqp091-go"
)

func main() {
	count := 1
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if err := publish(count); err != nil {
		log.Fatal(err)
	}
}

func publish(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	if err := ch.ExchangeDeclare("logs", "fanout", true, false, false, false, nil); err != nil {
		return err
	}
	for i := 1; i <= count; i++ {
		body := fmt.Sprintf("news %d", i)
		// A fanout exchange ignores the routing key. With nobody listening the message is dropped.
		err := ch.PublishWithContext(context.Background(), "logs", "", false, false, amqp.Publishing{
			ContentType: "text/plain",
			Body:        []byte(body),
		})
		if err != nil {
			return err
		}
		fmt.Println("sent", body)
	}
	return nil
}
