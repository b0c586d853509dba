package courant

// Redial makes another connection, as Recv does after a cut, where Reconnect was
// called between the end of the wait and the attempt.
func (s *ClientStream[E]) Redial() error {
	s.reader.leave(errForced)
	s.reader.reconnect()
	if failed := s.reader.dial(); failed != nil {
		return failed.err
	}
	return nil
}
