module chasqui.example/streadway

go 1.22

require github.com/streadway/amqp v1.1.0
