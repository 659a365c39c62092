// Deletes the queues and exchanges that the other examples leave behind.
package main

import (
	"cmp"
	"fmt"
	"log"
	"os"

	amqp "github.com/rabbitmq/amqp091-go"
)

func main() {
	if err := cleanUp(); err != nil {
		log.Fatal(err)
	}
}

func cleanUp() error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	// Deleting what is not there is no error.
	for _, queue := range []string{"hello", "tasks", "rpc"} {
		if _, err := ch.QueueDelete(queue, false, false, false); err != nil {
			return err
		}
	}
	for _, exchange := range []string{"logs", "direct_logs", "topic_logs"} {
		if err := ch.ExchangeDelete(exchange, false, false); err != nil {
			return err
		}
	}
	fmt.Println("clean")
	return nil
}
