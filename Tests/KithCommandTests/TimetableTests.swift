import Kith
import Testing

@testable import KithCommand
