/// Reads dates and times character by character. By hand, because what comes from outside must not be able to make
/// a pattern matcher run long.
struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly so many digits, as a number.
    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = rest.first, byte.isASCIIDigit else { return nil }
            value = value * 10 + Int(byte - 0x30)
            rest.removeFirst()
        }
        return value
    }

    /// hh:mm:ss with or without a fraction; without seconds only where they are not required.
    mutating func time(secondsRequired: Bool) -> ScannedTime? {
        guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
        var time = ScannedTime(hour: hour, minute: minute)
        guard take(":") else { return secondsRequired ? nil : time }
        guard let second = digits(2), second <= 60 else { return nil }
        (time.second, time.hasSeconds) = (second, true)
        if take(".") {
            var unit = 100_000_000
            while let byte = rest.first, byte.isASCIIDigit {
                time.nanosecond += Int(byte - 0x30) * unit
                time.fractionDigits += 1
                unit /= 10
                rest.removeFirst()
            }
            guard time.fractionDigits > 0 else { return nil }
        }
        return time
    }

    enum Offset {
        case absent
        case malformed
        case written(minutes: Int)
    }

    /// Z, or +hh:mm, or -hh:mm, up to fourteen hours.
    mutating func offset() -> Offset {
        if take("Z") { return .written(minutes: 0) }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0 else { return .absent }
        guard let hours = digits(2), take(":"), let minutes = digits(2), minutes < 60, hours * 60 + minutes <= 14 * 60
        else { return .malformed }
        return .written(minutes: sign * (hours * 60 + minutes))
    }
}

struct ScannedTime {
    var hour = 0
    var minute = 0
    var second = 0
    var nanosecond = 0
    var fractionDigits = 0
    var hasSeconds = false
}
